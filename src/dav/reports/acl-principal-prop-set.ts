import { dav } from '../../../protocol/dav/names.ts'
import { readAclPrincipalPropSet } from '../../../protocol/dav/principal-reports.ts'
import { visibleAmong } from '../../features/rights/directory.ts'
import { createPageAces } from '../acl/page-aces.ts'
import { preferencesOf } from '../call.ts'
import { createRenderer } from '../pages.ts'
import { requireDepth0 } from '../principals/answer.ts'
import { multistatus } from '../reply.ts'
import { principalResource } from '../tree.ts'
import type { Report } from './report.ts'

/** Properties of the principals that an access control list names. */
export const aclPrincipalPropSet: Report = {
  name: dav('acl-principal-prop-set'),
  rfc: 'RFC 3744 §9.2',
  on: ['principal', 'calendar-home', 'addressbook-home', 'calendar', 'addressbook', 'event', 'card'],
  privilege: 'read-acl',
  answer: async (call, resource, body) => {
    requireDepth0(call)
    const { session, store } = call
    const renderer = createRenderer(call, readAclPrincipalPropSet(body), preferencesOf(call).minimal)
    const aces = createPageAces()
    const visible = await store.read(async (reader) => {
      await aces.load(reader, [resource])
      return visibleAmong(reader, session, aces.principalsOf(resource))
    })
    return multistatus(
      await renderer.alike(visible.map((principal) => principalResource(session, principal))),
    )
  },
}
