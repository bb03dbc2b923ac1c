import type { z } from 'zod'
import type {
  ChosenPeople,
  PeopleAction,
  peopleChangeReply,
  peopleChangeState,
} from '../../../features/bulk-people/schema.ts'
import { ApiError, get, send } from '../../client/api.ts'

/** How far it is, or how it ended. */
export type Work = z.infer<typeof peopleChangeState>

/** So often it is asked how far it is. */
const pollMs = 700

export interface Working {
  /** Told again and again where it takes longer. */
  readonly onProgress: (work: Work, stop: () => void) => void
}

/**
 * Does the same to people, however many: who is refused does not keep the others from it. It goes on where nobody looks, and
 * can be stopped; what it did is taken back by its `request`.
 * @throws ApiError, TypeError
 */
export async function doToPeople(
  chosen: ChosenPeople,
  action: PeopleAction,
  { onProgress }: Working,
): Promise<Work> {
  const body = { ...chosen, action }
  const { data } = await send<z.infer<typeof peopleChangeReply>>('POST', '/parties/bulk', { body })
  return followWork(data, { onProgress })
}

/** Asks how far a job is until it is over. @throws ApiError, TypeError */
export async function followWork(begun: Work, { onProgress }: Working): Promise<Work> {
  let work = begun
  const { id } = work
  const stop = (): void => void send('POST', `/parties/bulk/${id}/stop`).catch(() => undefined)
  while (work.state === 'running') {
    onProgress(work, stop)
    await new Promise((resolve) => setTimeout(resolve, pollMs))
    // A line that broke for a while is no reason to look away.
    work = await get<Work>(`/parties/bulk/${id}`).catch((error: unknown) => {
      if (error instanceof ApiError && error.status < 500) throw error
      return work
    })
  }
  return work
}
