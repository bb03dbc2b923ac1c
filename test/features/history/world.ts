import type { ObjectId } from '../../../storage/ids.ts'
import type { Client } from '../../dav/client.ts'
import type { TestServer } from '../../dav/server.ts'

/** An answer of the API, read. */
export async function call(
  client: Pick<Client, 'request'>,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const json: Record<string, string> = body === undefined ? {} : { 'Content-Type': 'application/json' }
  const answer = await client.request(method, `/api${path}`, {
    headers: { ...json, ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const isJson = /json/.test(String(answer.headers['content-type']))
  return { ...answer, json: isJson ? JSON.parse(answer.text) : undefined }
}

/** The id of what has, or had, this name at last. */
export async function idOf(server: TestServer, path: string): Promise<ObjectId> {
  const name = decodeURIComponent(path.split('/').at(-1) ?? '')
  const row = await server.services.store.read(({ sql }) =>
    sql.first<{ id: ObjectId }>(
      'SELECT object_id AS id FROM revisions WHERE name = $1 ORDER BY id DESC LIMIT 1',
      [name],
    ),
  )
  return row?.id ?? 0
}

let names = 0
/** A name that nothing else has, in any account of the file. */
export const uniqueName = (ending: string): string => `h${(names += 1)}.${ending}`
