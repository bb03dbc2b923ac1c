import { refuseStatus } from '../../protocol/dav/preconditions.ts'

/** Octets of a name at most: it is part of an index, whose entries PostgreSQL bounds. */
const maxNameBytes = 500

/** Checks the name a client chose for a new member or collection. @throws refusal 414 */
export function checkName(name: string): void {
  if (Buffer.byteLength(name) <= maxNameBytes) return
  throw refuseStatus(414, `A name may have ${maxNameBytes} octets at most.`)
}
