import { markedUids } from '../../../storage/privacy/erasures.ts'
import type { Reader } from '../../../storage/store.ts'
import { markOf, proofKeys } from './proof.ts'

/** Tells of a UID whether whoever had it was erased here, as far as is known at this moment. */
export async function erasedHere(reader: Reader): Promise<(uid: string | null) => boolean> {
  const marked = await markedUids(reader)
  if (marked.size === 0) return () => false
  const keys = await proofKeys(reader)
  return (uid) => uid !== null && marked.has(markOf(keys, 'uid', uid).hash)
}
