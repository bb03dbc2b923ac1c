import { dav } from '../../../protocol/dav/names.ts'
import { bit } from '../../../protocol/dav/privileges.ts'
import type { Quota } from '../../features/quota.ts'
import { chargedTo } from '../page-quotas.ts'
import type { ResourceOf } from '../resource.ts'
import { type Ask, live, type Property } from './property.ts'

const counted = [
  ...['calendar-home', 'addressbook-home', 'calendar', 'addressbook', 'event', 'card'],
  ...['file-home', 'folder', 'file'],
] as const

/** The quota of the account, the same on all that counts for it. Finder wants whole numbers (FND-07). */
export const rfc4331: readonly Property[] = [
  live(dav('quota-available-bytes'), {
    rfc: 'RFC 4331 §3',
    on: counted,
    needs: ['quota'],
    get: (resource, ask) => octetsOf(resource, ask, ({ available }) => available),
  }),
  live(dav('quota-used-bytes'), {
    rfc: 'RFC 4331 §4',
    on: counted,
    needs: ['quota'],
    get: (resource, ask) => octetsOf(resource, ask, ({ used }) => used),
  }),
]

/** Of another's account it concerns only those who may add to it. */
function octetsOf(
  resource: ResourceOf<(typeof counted)[number]>,
  { session, quotas }: Ask,
  read: (quota: Quota) => number,
): string | undefined {
  const quota = quotas.of(resource)
  const concerns = chargedTo(resource) === session.principal.id || (resource.access & bit.bind) !== 0
  return quota && concerns ? String(read(quota)) : undefined
}
