import type { z } from 'zod'
import type { undoItem, undoState } from '../../features/history/schema.ts'
import { ApiError, get, send } from './api.ts'
import { queryClient } from './query.ts'

/** So often it is asked whether an undo that takes longer is done. */
const pollMs = 700

type State = z.infer<typeof undoState>
/** What is done at once is told with what became of each. */
type Begun = State & { readonly items?: readonly z.infer<typeof undoItem>[] }

/** What was taken back. */
export interface Undone {
  /** How many were left as they are, since somebody changed them meanwhile. */
  readonly left: number
  /** Does it again. @throws ApiError */
  readonly again: () => Promise<number>
}

/**
 * Takes back what one request did. @param request  what its answer was named by: {@link Tagged.request}
 * @throws ApiError
 */
export function takeBackRequest(request: string): Promise<Undone> {
  return takeBack({ request })
}

/** The same, where only how many were left is asked for. @throws ApiError */
export async function undoRequest(request: string): Promise<number> {
  return (await takeBackRequest(request)).left
}

/** The same for several, which belong together. @throws ApiError */
export async function undoRequests(requests: readonly string[]): Promise<number> {
  let left = 0
  for (const request of requests) left += await undoRequest(request)
  return left
}

/** Takes back much that one device did at once. @param id  of the burst @throws ApiError */
export async function takeBackBurst(id: number): Promise<Undone> {
  const { data } = await send<{ readonly undo: number }>('POST', `/bursts/${id}/undo`)
  return undoneOf(await settled(await get<State>(`/history/undos/${data.undo}`)))
}

/** Takes back what a device did between two moments. @throws ApiError */
export function takeBackDevice(asked: {
  readonly device: number
  readonly from: string
  readonly to: string
}): Promise<Undone> {
  return takeBack(asked)
}

async function takeBack(asked: object): Promise<Undone> {
  return undoneOf(await follow('/history/undo', asked))
}

function undoneOf({ id, left }: Followed): Undone {
  return { left, again: async () => (await follow(`/history/undos/${id}/undo`)).left }
}

/** Takes back what was taken back before. @param id  of that undo @throws ApiError */
export async function takeBackUndo(id: number): Promise<Undone> {
  const done = await follow(`/history/undos/${id}/undo`)
  return { left: done.left, again: async () => (await follow(`/history/undos/${done.id}/undo`)).left }
}

interface Followed {
  readonly id: number
  readonly left: number
}

async function follow(path: string, body?: object): Promise<Followed> {
  return settled((await send<Begun>('POST', path, body && { body })).data)
}

/** Waits until an undo has ended. @throws ApiError */
async function settled(begun: Begun): Promise<Followed> {
  let state: State = begun
  while (state.state === 'running') {
    await new Promise((resolve) => setTimeout(resolve, pollMs))
    state = await get<State>(`/history/undos/${state.id}`)
  }
  await queryClient.invalidateQueries()
  if (state.state === 'failed') throw new ApiError(500, {})
  const skipped = (begun.items ?? []).filter(({ outcome }) => outcome === 'skipped')
  const [refused] = skipped
  // A role that cannot be again has nothing beside it that somebody might miss: why is what he asks.
  if (refused && skipped.every(({ component }) => component === 'THING'))
    throw new ApiError(409, { detail: refused.note })
  return { id: state.id, left: state.counts.skipped }
}
