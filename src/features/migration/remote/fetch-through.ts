import type { Remote } from './remote.ts'

/** What tsdav is given in place of the global fetch, and why the last request through it failed. */
export interface FetchThrough {
  readonly fetch: typeof globalThis.fetch
  /** tsdav says only that it found nothing. */
  failure(): unknown
  /** Of the last answer. */
  status(): number
}

/** A fetch that goes by our own connections: guarded, signed in, patient and bounded. */
export function fetchThrough(remote: Remote): FetchThrough {
  let failure: unknown
  let status = 0
  return {
    fetch: async (input, init = {}) => {
      try {
        const answer = await remote.send({
          method: methodOf(init.method),
          url: new URL(input instanceof Request ? input.url : input),
          headers: withoutOurs(new Headers(init.headers)),
          body: typeof init.body === 'string' ? init.body : undefined,
          isManual: init.redirect === 'manual',
        })
        failure = undefined
        status = answer.status
        const headers = Object.entries(answer.headers).flatMap(([name, value]): [string, string][] =>
          value === undefined || decoded.has(name) ? [] : [[name, String(value)]],
        )
        const body = empty.has(answer.status) ? null : new Uint8Array(answer.body)
        return new Response(body, { status: answer.status, headers })
      } catch (error) {
        failure = error
        throw error
      }
    },
    failure: () => failure,
    status: () => status,
  }
}

function methodOf(method = 'GET'): 'GET' | 'PROPFIND' | 'REPORT' {
  const known = (['GET', 'PROPFIND', 'REPORT'] as const).find((name) => name === method)
  if (known === undefined) throw new Error(`A migration sends no ${method}.`)
  return known
}

function withoutOurs(headers: Headers): Record<string, string> {
  headers.delete('authorization')
  return Object.fromEntries(headers)
}

/** Of the octets as they were sent, which are unfolded by now. */
const decoded = new Set(['content-encoding', 'content-length', 'transfer-encoding'])
/** Statuses whose answers have no body. @see Fetch §2.2.3 */
const empty = new Set([204, 205, 304])
