import { useMutation, useQueries, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { calendarList } from '../../features/calendars/schema.ts'
import type { bookList } from '../../features/cards/schema.ts'
import type {
  importColumns,
  importItems,
  importList,
  importRun,
  importState,
  itemsPage,
} from '../../features/imports/schema.ts'
import { get, send } from '../client/api.ts'
import { queryClient } from '../client/query.ts'
import { tellFailed } from '../ui/toast.tsx'
import { allSaid } from './wish.ts'

export type ImportState = z.infer<typeof importState>
export type ImportItem = z.infer<typeof importItems>['items'][number]
export type Columns = z.infer<typeof importColumns>
export type ImportRun = z.input<typeof importRun>

/** Another trial: it tells what is there already, and what becomes of that where nothing is chosen. */
export const anew: ImportRun = { dryRun: true, onMatch: 'update', choices: {} }

const pollMs = 700

export function isBusy({ state }: Pick<ImportState, 'state'>): boolean {
  return state === 'running' || state === 'undoing'
}

/** How many items were looked at. */
export function doneOf({ counts }: Pick<ImportState, 'counts'>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

/** How far an import is, asked for again and again until it is over. */
export function useImport(id: number) {
  return useQuery({
    queryKey: ['imports', 'one', id],
    queryFn: ({ signal }) => get<ImportState>(`/imports/${id}`, signal),
    refetchInterval: ({ state }) => (state.data && isBusy(state.data) ? pollMs : false),
  })
}

export function useImports() {
  return useQuery({
    queryKey: ['imports', 'all'],
    staleTime: 0,
    queryFn: ({ signal }) => get<z.infer<typeof importList>>('/imports', signal),
  })
}

/** Which items are shown: all, those that are there already, or those with which something is the matter. */
export type ItemsPart = NonNullable<z.infer<typeof itemsPage>['part']>

/** Of an import as it was asked for. */
interface AskedItems {
  readonly id: number
  /** There is something. */
  readonly isReady: boolean
  readonly part: ItemsPart
}

/** What became of each item: how many there are, and those of the pages that are looked at. @param seen  numbers of pages */
export function useItems({ id, isReady, part }: AskedItems, seen: readonly number[]) {
  const asked = (after: number) => ({
    queryKey: ['imports', 'items', id, part, after],
    enabled: isReady,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
      get<z.infer<typeof importItems>>(`/imports/${id}/items?after=${after}&part=${part}`, signal),
  })
  const first = useQuery(asked(0))
  const { count = 0, starts = [] } = first.data ?? {}
  const pages = seen.filter((page) => page > 0 && page * pageItems < count)
  const others = useQueries({ queries: pages.map((page) => asked(starts[page] ?? 0)) })
  const failed = [first, ...others].find(({ error, data }) => error && !data)
  return {
    count,
    isPending: first.isPending,
    error: failed?.error ?? null,
    again: () => void failed?.refetch(),
    /** Undefined while it is read. */
    itemAt: (position: number): ImportItem | undefined => {
      const page = Math.floor(position / pageItems)
      const data = page === 0 ? first.data : others[pages.indexOf(page)]?.data
      return data?.items[position % pageItems]
    },
  }
}

/** So many the server gives at once. */
export const pageItems = 200

export function useColumns(id: number, isReady: boolean) {
  return useQuery({
    queryKey: ['imports', 'columns', id],
    enabled: isReady,
    queryFn: ({ signal }) => get<Columns>(`/imports/${id}/columns`, signal),
  })
}

/** Address books and calendars of one's own that something can be imported into. */
export function useOwnPlaces() {
  const books = useQuery({
    queryKey: ['books'],
    queryFn: ({ signal }) => get<z.infer<typeof bookList>>('/books', signal),
  })
  const calendars = useQuery({
    queryKey: ['calendars'],
    queryFn: ({ signal }) => get<z.infer<typeof calendarList>>('/calendars', signal),
  })
  return {
    isPending: books.isPending || calendars.isPending,
    asked: [books, calendars],
    books: books.data?.books.filter(({ isOwn, rights }) => isOwn && rights.add) ?? [],
    calendars: calendars.data?.calendars.filter(({ isOwn, rights }) => isOwn && rights.add) ?? [],
  }
}

/** Imports what was sent as it is wished, or tries it with other columns. @param onStarted  told the id of what has begun */
export function useRun(id: number, onStarted: (id: number) => void) {
  return useMutation({
    mutationFn: async (run: ImportRun) => {
      await allSaid(id)
      return send<ImportState>('POST', `/imports/${id}/run`, { body: run })
    },
    onSuccess: ({ data }) => onStarted(data.id),
    onError: tellFailed,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['imports', 'all'] }),
  })
}

/** Puts a trial away, which stops it, or brings it back. */
export async function keepWaiting(id: number, waits: boolean): Promise<void> {
  await send('PATCH', `/imports/${id}/wish`, { body: { waits } })
  await queryClient.invalidateQueries({ queryKey: ['imports'] })
}

/** Takes all of an import back, and waits until it is. @throws ApiError, TypeError @returns how many items are kept as they are */
export async function undoImport(id: number): Promise<number> {
  await send('POST', `/imports/${id}/undo`, { body: {} })
  await queryClient.invalidateQueries({ queryKey: ['imports'] })
  let row = await get<ImportState>(`/imports/${id}`)
  while (isBusy(row)) {
    await new Promise((resolve) => setTimeout(resolve, pollMs))
    row = await get<ImportState>(`/imports/${id}`)
  }
  await queryClient.invalidateQueries()
  return row.kept ?? 0
}

export function useUndo(id: number) {
  return useMutation({
    mutationFn: () => send('POST', `/imports/${id}/undo`, { body: {} }),
    onError: tellFailed,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['imports'] }),
  })
}
