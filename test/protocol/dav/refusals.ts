import { Refusal } from '../../../protocol/dav/preconditions.ts'

/** What an act is refused with: the precondition's name, or the status when it has none. Other errors are thrown on. */
export function refusalOf(act: () => unknown): string | number | undefined {
  try {
    act()
  } catch (error) {
    if (error instanceof Refusal) return error.precondition ?? error.status
    throw error
  }
  return undefined
}
