import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { listMountsOf, type Mounted } from '../../../storage/mounts.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'

/**
 * What is shared with an account, by the id of the invitation or by what people call it: the name in the sharee's home, else
 * that of the owner's collection, else its display name.
 * @throws refusal 404 when there is none, or several have the name
 */
export async function findInvite(reader: Reader, account: PrincipalRow, wanted: string): Promise<Mounted> {
  const all = await listMountsOf(reader, account.id)
  const tests: ((one: Mounted) => boolean)[] = [
    ({ mount }) => String(mount.id) === wanted,
    ({ mount }) => mount.name === wanted,
    ({ collection }) => collection.name === wanted,
    ({ mount, collection }) => mount.displayname === wanted || collection.displayname === wanted,
  ]
  for (const test of tests) {
    const [only, ...others] = all.filter(test)
    if (only && others.length === 0) return only
    if (only)
      throw refuseStatus(404, `Several collections called "${wanted}" are shared with "${account.name}".`)
  }
  throw refuseStatus(404, `No collection "${wanted}" is shared with "${account.name}".`)
}
