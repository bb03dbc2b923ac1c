import { send } from './api.ts'
import { queryClient } from './query.ts'

/**
 * Takes back what one request did. @param request  what its answer was named by: {@link Tagged.request}
 * @throws ApiError where something of it was changed since
 */
export async function undoRequest(request: string): Promise<void> {
  await send('POST', '/history/undo', { body: { request } })
  await queryClient.invalidateQueries()
}
