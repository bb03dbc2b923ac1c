import type { z } from 'zod'
import type { undoState } from '../../features/history/schema.ts'
import { ApiError, get, send } from './api.ts'
import { queryClient } from './query.ts'

/** So often it is asked whether an undo that takes longer is done. */
const pollMs = 700

/**
 * Takes back what one request did. @param request  what its answer was named by: {@link Tagged.request}
 * @returns how many were left as they are, since somebody changed them meanwhile
 * @throws ApiError
 */
export async function undoRequest(request: string): Promise<number> {
  type State = z.infer<typeof undoState>
  let { data: state } = await send<State>('POST', '/history/undo', { body: { request } })
  while (state.state === 'running') {
    await new Promise((resolve) => setTimeout(resolve, pollMs))
    state = await get<State>(`/history/undos/${state.id}`)
  }
  await queryClient.invalidateQueries()
  if (state.state === 'failed') throw new ApiError(500, {})
  return state.counts.skipped
}

/** The same for several, which belong together. @throws ApiError */
export async function undoRequests(requests: readonly string[]): Promise<number> {
  let left = 0
  for (const request of requests) left += await undoRequest(request)
  return left
}
