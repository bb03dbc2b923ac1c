/** An account that fills the demo by the same faces that phones and the web app use. */
export interface Face {
  readonly name: string
  /** JSON to the API, below /api. @throws Error for what is refused */
  json(method: string, path: string, body?: unknown): Promise<Found>
  /** Octets of a file to the API. */
  octets(path: string, body: string | Uint8Array): Promise<Found>
  /** Another method of DAV, with XML. */
  dav(method: string, path: string, xml: string): Promise<void>
  /** An object by DAV, below /dav. */
  put(path: string, body: string, type: string): Promise<void>
}

/** What the API answered. */
export interface Found {
  readonly id: number
  readonly items: readonly Found[]
  readonly books: readonly Found[]
  readonly shares: readonly Found[]
  readonly invites: readonly Found[]
  readonly name: string
  readonly isMine: boolean
}

export function createFace(url: string, name: string, password: string): Face {
  const authorization = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
  const ask = async (
    method: string,
    path: string,
    type: string,
    body?: string | Uint8Array,
  ): Promise<Found> => {
    const headers = { Authorization: authorization, ...(body !== undefined && { 'Content-Type': type }) }
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }
    const answer = await fetch(url + path, { method, headers, ...sent })
    const said = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${said}`)
    return (said.startsWith('{') ? JSON.parse(said) : {}) as Found
  }
  return {
    name,
    json: (method, path, body) =>
      ask(method, `/api${path}`, 'application/json', body === undefined ? undefined : JSON.stringify(body)),
    octets: (path, body) => ask('POST', `/api${path}`, 'application/octet-stream', body),
    dav: async (method, path, xml) => {
      await ask(method, `/dav/${path}`, 'application/xml', xml)
    },
    put: async (path, body, type) => {
      await ask('PUT', `/dav/${path}`, type, body)
    },
  }
}
