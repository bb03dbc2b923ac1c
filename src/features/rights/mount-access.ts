import { bit, noPrivileges, type PrivilegeSet, readPrivileges } from '../../../protocol/dav/privileges.ts'
import type { MountRow } from '../../../storage/mounts.ts'
import type { Session } from '../../auth/session.ts'
import { within } from './rights.ts'

/**
 * What the sharee may do through a mount, having these rights on what is shared. Who may only see when somebody is busy reads the blocks of
 * time that his mount shows, and can do nothing with them (MIN-19).
 */
export function mountAccess(
  session: Session,
  { view }: Pick<MountRow, 'view'>,
  rights: PrivilegeSet,
): PrivilegeSet {
  if (view !== 'busy') return rights
  return (rights & bit['read-free-busy']) === 0 ? noPrivileges : within(session, readPrivileges)
}
