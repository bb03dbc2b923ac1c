import { encodeSegment } from '../../../protocol/dav/href.ts'
import { findPrincipalById, findPrincipalsByIds, type PrincipalRow } from '../../../storage/principals.ts'
import { findQuota } from '../../../storage/quotas.ts'
import type { Reader } from '../../../storage/store.ts'
import { checkMatch, etagOfContent } from '../../api/conditions.ts'
import { change, look, originOf, type RawCall, type Route } from '../../api/route.ts'
import { limitOf } from '../quota.ts'
import { askerOf } from '../rights/rights.ts'
import { may } from '../team/team-roles.ts'
import { recordedPrincipal } from './record.ts'
import { account, accountChange, accountStorage } from './schema.ts'
import { changeTraits } from './traits.ts'

const scope = 'account'

/** One's own account. */
export const accountRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/account', summary: 'My account, and what it may', scope },
    { reply: account },
    async (call) => {
      const body = await call.store.read((reader) => shownAccount(reader, call))
      return { body, etag: etagOfContent(body) }
    },
  ),
  look(
    { method: 'GET', path: '/account/storage', summary: 'How much I keep, and may', scope },
    { reply: accountStorage },
    async ({ store, session, settings }) => {
      const quota = await store.read((reader) => findQuota(reader, session.principal.id))
      return { body: { usedBytes: quota.usedBytes, limitBytes: limitOf(quota, settings) } }
    },
  ),
  change(
    {
      method: 'PATCH',
      path: '/account',
      summary: 'Change my language or my time zone',
      scope,
      affects: 'other',
    },
    { body: accountChange, reply: account },
    async (tx, call) => {
      checkMatch(call, etagOfContent(await shownAccount(tx, call)))
      const { id } = call.session.principal
      await recordedPrincipal(tx, id, originOf(call), () => changeTraits(tx, id, call.body))
      const body = await shownAccount(tx, call)
      return { body, etag: etagOfContent(body) }
    },
  ),
]

/** As it is in this transaction: the session may be older. */
export async function shownAccount(
  reader: Reader,
  { session, settings }: Pick<RawCall, 'session' | 'settings'>,
) {
  const { id } = session.principal
  const principal: PrincipalRow = (await findPrincipalById(reader, id)) ?? session.principal
  const { name, displayName, email, language, timeZone } = principal
  const requestsPerMinute = principal.requestLimit ?? settings.limits.apiRequestsPerMinute
  const limits = { bytes: limitOf(await findQuota(reader, id), settings), requestsPerMinute }
  const { principals } = await askerOf(reader, session)
  const groups = await findPrincipalsByIds(
    reader,
    [...principals].filter((own) => own !== id),
  )
  return {
    ...{ id, name, displayName, email, language, timeZone, limits },
    isAdmin: await may(reader, session, 'administer'),
    groups: groups.map((group) => ({
      id: group.id,
      name: group.name,
      displayName: group.displayName ?? group.name,
    })),
    principal: `/dav/principals/${encodeSegment(principal.segment)}/`,
    publicUrl: settings.publicUrl || null,
  }
}
