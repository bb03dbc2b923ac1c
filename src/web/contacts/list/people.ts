import { keepPreviousData, queryOptions, useQueries, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { letters, sortedPage } from '../../../features/smart-lists/people-schema.ts'
import type { Filter } from '../../../features/smart-lists/schema.ts'
import { send } from '../../client/api.ts'
import { queryClient } from '../../client/query.ts'
import type { PartyItem } from '../contacts.ts'
import type { Order } from './view.ts'

export const pageSize = 100
/** So many rows the server passes over for one request. */
const mostSkipped = 20_000

/** Who is asked for, and how they are sorted. */
export interface Asked {
  readonly filter: Filter
  readonly q: string
  readonly order: Order
}

/** Where the server can begin to count rows. */
interface Anchor {
  readonly cursor?: string
  /** What names begin with. */
  readonly from?: string
}

/** How many there are, and where each letter begins. */
export interface PeopleIndex {
  readonly count: number
  readonly letters: readonly { readonly letter: string; readonly start: number; readonly count: number }[]
  /** By position: what pages have told grows here, until people change and everything is read anew. */
  readonly anchors: Map<number, Anchor>
}

const bodyOf = ({ filter, q }: Asked) => ({ filter, ...(q !== '' && { q }) })
const keyOf = (asked: Asked): string => JSON.stringify(asked)

function indexOptions(asked: Asked) {
  return queryOptions({
    queryKey: ['letters', keyOf(asked)],
    structuralSharing: false,
    queryFn: async ({ signal }): Promise<PeopleIndex> => {
      const { data } = await send<z.infer<typeof letters>>('POST', '/parties/letters', {
        body: bodyOf(asked),
        signal,
      })
      const anchors = new Map<number, Anchor>([[0, {}]])
      let start = 0
      const placed = data.letters.map(({ letter, count }) => {
        const at = start
        start += count
        if (asked.order === 'name' && letter !== '') anchors.set(at, { from: letter })
        return { letter, count, start: at }
      })
      return { count: data.count, letters: placed, anchors }
    },
  })
}

function pageOptions(asked: Asked, page: number) {
  return queryOptions({
    queryKey: ['parties', 'page', keyOf(asked), page],
    queryFn: ({ signal }): Promise<readonly PartyItem[]> => readPage(asked, page, signal),
  })
}

/** The first page waits for nothing; where the others begin the index knows. */
async function readPage(asked: Asked, page: number, signal: AbortSignal): Promise<readonly PartyItem[]> {
  const position = page * pageSize
  const { anchors } =
    page === 0 ? { anchors: new Map([[0, {}]]) } : await queryClient.fetchQuery(indexOptions(asked))
  let at = nearest(anchors, position)
  while (position - at > mostSkipped) at = await goOn(asked, anchors, { at, skip: mostSkipped - 1 }, signal)
  const { items, next } = await rowsAt(
    asked,
    anchors.get(at),
    { skip: position - at, limit: pageSize },
    signal,
  )
  if (next !== null) anchors.set(position + items.length, { cursor: next })
  return items
}

/** @returns a position further on from which it is known how to count */
async function goOn(
  asked: Asked,
  anchors: Map<number, Anchor>,
  { at, skip }: { readonly at: number; readonly skip: number },
  signal: AbortSignal,
): Promise<number> {
  const { next } = await rowsAt(asked, anchors.get(at), { skip, limit: 1 }, signal)
  if (next === null) throw new Error('There are fewer people than there were.')
  anchors.set(at + skip + 1, { cursor: next })
  return at + skip + 1
}

async function rowsAt(
  asked: Asked,
  anchor: Anchor | undefined,
  range: { readonly skip: number; readonly limit: number },
  signal: AbortSignal,
) {
  const body = { ...bodyOf(asked), order: asked.order, ...anchor, ...range }
  return (await send<z.infer<typeof sortedPage>>('POST', '/parties/query', { body, signal })).data
}

function nearest(anchors: ReadonlyMap<number, Anchor>, position: number): number {
  let best = 0
  for (const at of anchors.keys()) if (at <= position && at > best) best = at
  return best
}

/** How many stand before somebody; null where he is not among them, or they are not sorted by name. */
export async function positionOf(asked: Asked, of: number): Promise<number | null> {
  if (asked.order !== 'name' && asked.order !== '-name') return null
  const body = { ...bodyOf(asked), order: asked.order, limit: 1, of }
  return (await send<z.infer<typeof sortedPage>>('POST', '/parties/query', { body })).data.position ?? null
}

export interface People {
  readonly count: number
  readonly index: PeopleIndex | undefined
  /** Undefined while it is read. */
  readonly itemAt: (position: number) => PartyItem | undefined
  readonly error: Error | null
  readonly isPending: boolean
  /** What it is made of, each of which may have failed. */
  readonly asked: readonly { readonly error: unknown; readonly refetch: () => unknown }[]
}

/** The people of a list of which these pages are seen. */
export function usePeople(asked: Asked, [first, last]: readonly [number, number]): People {
  const index = useQuery({ ...indexOptions(asked), placeholderData: keepPreviousData })
  const numbers = Array.from({ length: last - first + 1 }, (_, at) => first + at)
  const pages = useQueries({ queries: numbers.map((page) => pageOptions(asked, page)) })
  const itemAt = (position: number): PartyItem | undefined => {
    const page = Math.floor(position / pageSize)
    const read = pages[page - first]?.data ?? queryClient.getQueryData(pageOptions(asked, page).queryKey)
    return read?.[position % pageSize]
  }
  const failed = pages.find(({ error }) => error)
  const isKnown = index.data !== undefined && !index.isPlaceholderData
  const firstPage = first === 0 ? pages[0]?.data : undefined
  return {
    count: isKnown ? index.data.count : (firstPage?.length ?? 0),
    index: isKnown ? index.data : undefined,
    itemAt,
    error: failed?.error ?? index.error,
    isPending: !isKnown && !firstPage,
    asked: [index, ...pages],
  }
}

/** Everybody between two rows, both included, in their order. @param most  of them */
export async function peopleBetween(
  asked: Asked,
  from: number,
  to: number,
  most: number,
): Promise<PartyItem[]> {
  const items: PartyItem[] = []
  const end = Math.min(to, from + most - 1)
  for (let page = Math.floor(from / pageSize); page * pageSize <= end; page += 1) {
    const read = await queryClient.fetchQuery(pageOptions(asked, page))
    items.push(...read.filter((_, at) => page * pageSize + at >= from && page * pageSize + at <= end))
  }
  return items
}
