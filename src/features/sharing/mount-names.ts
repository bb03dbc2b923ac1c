import type { HomeId } from '../../../storage/ids.ts'
import { namesInHome } from '../../../storage/mounts.ts'
import type { Reader } from '../../../storage/store.ts'
import { plainSegment } from '../names.ts'

/** A name for a mount that nothing in the home has, of unreserved characters only. */
export async function freeMountName(reader: Reader, homeId: HomeId, wanted: string): Promise<string> {
  const base = plainSegment(wanted, 'shared', 120)
  const taken = await namesInHome(reader, homeId, base)
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}-${number}`
    if (!taken.has(name)) return name
  }
}
