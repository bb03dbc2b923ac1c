import type { HomeId } from '../../../storage/ids.ts'
import { findNodePath, type NodeRow } from '../../../storage/nodes/nodes.ts'
import type { Reader } from '../../../storage/store.ts'
import { AccountError } from '../accounts/account-error.ts'

/**
 * A folder by its path below a home, with those around it, the uppermost first.
 * @param names  of the folders from the home down, decoded
 * @throws AccountError where there is none
 */
export async function findOwnFolder(
  reader: Reader,
  homeId: HomeId,
  names: readonly string[],
): Promise<readonly [...around: NodeRow[], folder: NodeRow]> {
  const nodes = await findNodePath(reader, homeId, names)
  const folder = nodes.at(-1)
  if (nodes.length < names.length || folder?.kind !== 'folder')
    throw new AccountError(`There is no folder "${names.join('/')}".`)
  return [...nodes.slice(0, -1), folder]
}
