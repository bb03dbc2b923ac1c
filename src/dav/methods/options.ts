import { allowedOn, davTokens } from '../allow.ts'
import type { Call } from '../call.ts'
import { empty, type Reply } from '../reply.ts'
import { findResource, notFound } from '../tree.ts'

/**
 * What can be done here. A path where there is nothing is 404, never a bare 200 (GOA-02).
 * @see RFC 4918 §9.1, §10.1
 */
export async function options(call: Call): Promise<Reply> {
  const resource = await call.store.read((reader) => findResource(reader, call.session, call.location))
  if (!resource) throw notFound()
  return empty(200, {
    Allow: allowedOn(resource.kind).join(', '),
    DAV: davTokens,
    'MS-Author-Via': 'DAV',
    'Content-Length': '0',
  })
}
