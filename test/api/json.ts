import type { Answer, Client, Headers } from '../dav/client.ts'

/** An answer of the API, its body read. */
export interface JsonAnswer extends Answer {
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects of it, it says itself
  readonly json: any
}

/** A request to the API, with JSON where there is a body. */
export async function call(
  client: Pick<Client, 'request'>,
  method: string,
  path: string,
  body?: unknown,
  headers: Headers = {},
): Promise<JsonAnswer> {
  const sent =
    body === undefined
      ? { headers }
      : { headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) }
  const answer = await client.request(method, `/api${path}`, sent)
  return { ...answer, json: answer.text === '' ? undefined : JSON.parse(answer.text) }
}
