import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { allowedOn, davTokens } from '../allow.ts'
import type { Call } from '../call.ts'
import { empty, type Reply } from '../reply.ts'
import { findResource, notFound } from '../tree.ts'

/**
 * What can be done here. A name that is free in a home or a collection answers for what could be made there;
 * any other unknown path is 404, never a bare 200 (GOA-02).
 * @see RFC 4918 §9.1, §10.1
 */
export async function options(call: Call): Promise<Reply> {
  const { location } = call
  const resource = await call.store.read((reader) => findResource(reader, call.session, location))
  if (!resource)
    throw location.kind === 'nowhere' ? notFound() : refuseStatus(404, 'There is nothing here yet.')
  return empty(200, {
    Allow: allowedOn(resource.kind).join(', '),
    DAV: davTokens,
    'MS-Author-Via': 'DAV',
    'Content-Length': '0',
  })
}
