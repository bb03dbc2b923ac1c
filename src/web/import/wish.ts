import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { importWish, wishChange } from '../../features/imports/schema.ts'
import { ApiError, read, send, type Tagged } from '../client/api.ts'
import { type ChangeHandle, patch, useChange } from '../client/change.ts'
import { queryClient } from '../client/query.ts'
import type { ImportItem } from './imports.ts'

export type Wish = z.infer<typeof importWish>
export type WishChange = z.input<typeof wishChange>

/** What somebody says of an import, and the items that he chose for, as they are. */
export interface Saying {
  readonly change: WishChange
  readonly items?: readonly Pick<ImportItem, 'number' | 'meets' | 'outcome'>[]
}

const keyOf = (id: number) => ['imports', 'wish', id] as const
const pathOf = (id: number): string => `/imports/${id}/wish`

/** What is wished of an import that was tried: kept as it is said, and read again on any device. */
export function useWish(id: number) {
  return useQuery({
    queryKey: keyOf(id),
    staleTime: 0,
    queryFn: async ({ signal }) => {
      const found = await read<Wish>(pathOf(id), signal)
      const line = lineOf(id)
      if (line.waiting === 0) line.etag = found.etag
      return found
    },
  })
}

/** What is said of one import goes one after another: each names the tag that the one before has got. */
interface Line {
  etag: string | undefined
  waiting: number
  last: Promise<unknown>
  /** What could not be kept since somebody else was before it. */
  overtaken: WishChange | undefined
}

const lines = new Map<number, Line>()

function lineOf(id: number): Line {
  const line = lines.get(id) ?? { etag: undefined, waiting: 0, last: Promise.resolve(), overtaken: undefined }
  lines.set(id, line)
  return line
}

/** Keeps what is said of an import, which shows at once. */
export function useSaying(id: number): ChangeHandle<Saying, Wish, Wish> {
  return useChange<Saying, Wish, Wish>({
    send: (saying, overruled) => sent(id, saying, overruled),
    theirs: () => read<Wish>(pathOf(id)),
    patches: (saying) => [
      patch<Tagged<Wish>>(keyOf(id), (seen) => ({ ...seen, data: said(seen.data, saying) })),
    ],
    isUndoable: false,
  })
}

/** Waits until all is kept that was said of an import. @throws ApiError, TypeError */
export async function allSaid(id: number): Promise<void> {
  const line = lineOf(id)
  if (line.waiting > 0) await line.last
}

function sent(id: number, { change }: Saying, overruled: string | undefined): Promise<Tagged<Wish>> {
  const line = lineOf(id)
  line.waiting += 1
  const next = line.last
    .catch(() => undefined)
    .then(async () => {
      const body = line.overtaken ? merged(line.overtaken, change) : change
      try {
        const found = await send<Wish>('PATCH', pathOf(id), { body, etag: overruled ?? line.etag })
        line.etag = found.etag
        line.overtaken = undefined
        return found
      } catch (error) {
        if (error instanceof ApiError && error.status === 412) line.overtaken = body
        throw error
      } finally {
        line.waiting -= 1
      }
    })
  line.last = next
  next.then(
    (found) => {
      if (line.waiting === 0) queryClient.setQueryData(keyOf(id), found)
    },
    (error) => {
      const isOvertaken = error instanceof ApiError && error.status === 412
      if (line.waiting === 0 && !isOvertaken) void queryClient.invalidateQueries({ queryKey: keyOf(id) })
    },
  )
  return next
}

/** Takes what is there by now for what was said. */
export function letGo(id: number): Promise<void> {
  const line = lineOf(id)
  line.overtaken = undefined
  return queryClient.invalidateQueries({ queryKey: keyOf(id) })
}

/** What was said and could not be kept, with what was said last. */
export function unkept(id: number, change: WishChange): WishChange {
  const { overtaken } = lineOf(id)
  return overtaken ? merged(overtaken, change) : change
}

function merged(before: WishChange, change: WishChange): WishChange {
  const choices = change.choices && {
    forget: change.choices.forget || (before.choices?.forget ?? false),
    each: { ...(change.choices.forget ? {} : before.choices?.each), ...change.choices.each },
  }
  return {
    ...before,
    ...change,
    ...(change.columns && { columns: { ...before.columns, ...change.columns } }),
    ...(choices && { choices }),
  }
}

/** A wish as it will be. */
function said(wish: Wish, { change, items = [] }: Saying): Wish {
  const { columns = {}, choices, ...plain } = change
  const given = Object.entries({ ...wish.columns, ...columns })
  const next = {
    ...wish,
    ...plain,
    columns: Object.fromEntries(given.filter(([, to]) => to !== null)),
  } as Wish
  if (!choices) return next
  const { each = {}, forget = false } = choices
  const others = forget ? [] : wish.choices.filter(({ number }) => !(number in each))
  const chosen = items.flatMap(({ number, meets, outcome }) => {
    const way = each[number]
    return way && meets ? [{ number, way, meets, outcome }] : []
  })
  return { ...next, choices: [...others, ...chosen] }
}
