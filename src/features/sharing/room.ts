import type { Settings } from '../../../config/defaults.ts'
import type { HomeId } from '../../../storage/ids.ts'
import { countMounts } from '../../../storage/mounts.ts'
import type { Reader } from '../../../storage/store.ts'

/** Whether a home takes another invitation. What was declined takes no room, so that nobody can fill it up for good. */
export async function hasRoom(reader: Reader, homeId: HomeId, { limits }: Settings): Promise<boolean> {
  return (await countMounts(reader, homeId)) < limits.mounts
}
