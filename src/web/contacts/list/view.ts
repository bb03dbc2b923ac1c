import { useCallback, useMemo } from 'react'
import { useLocation, useSearch } from 'wouter'
import type { Filter } from '../../../features/smart-lists/schema.ts'

/** What the list can be sorted by. */
export const orders = [
  'name',
  '-name',
  'organisation',
  '-changed',
  '-created',
  '-contact',
  'contact',
] as const
export type Order = (typeof orders)[number]

/** Which people the list shows. It stands in the address, so that it can be kept and gone back to. */
export interface View {
  /** What is looked for. */
  readonly q: string
  readonly book: number | undefined
  readonly label: string | undefined
  /** A list that was saved. */
  readonly list: number | undefined
  readonly kind: 'person' | 'org' | undefined
  readonly filter: Filter | undefined
  /** The list whose conditions these are to become. */
  readonly edit: number | undefined
  readonly order: Order
}

export const everybody: View = {
  ...{ q: '', book: undefined, label: undefined, list: undefined, kind: undefined },
  ...{ filter: undefined, edit: undefined, order: 'name' },
}

/** The one that was last looked at: it stays beside somebody whose page has an address of its own. */
let last = ''

export interface Viewing {
  readonly view: View
  /** As it stands in the address, with its question mark. */
  readonly search: string
  readonly show: (change: Partial<View>, options?: { readonly replace?: boolean }) => void
}

/** The view of the address. */
export function useView(): Viewing {
  const search = useSearch()
  const [path, go] = useLocation()
  const isBeside = path !== '/contacts'
  const written = isBeside && !isView(search) ? last : search
  last = written
  const view = useMemo(() => readView(written), [written])
  const show = useCallback<Viewing['show']>(
    (change, options) => go(`/contacts${writeView({ ...readView(last), ...change })}`, options),
    [go],
  )
  return { view, search: writeView(view), show }
}

const keys = ['q', 'book', 'label', 'list', 'kind', 'filter', 'edit', 'order'] as const

function isView(search: string): boolean {
  const given = new URLSearchParams(search)
  return keys.some((key) => given.has(key))
}

function readView(search: string): View {
  const given = new URLSearchParams(search)
  const order = given.get('order')
  const kind = given.get('kind')
  return {
    q: given.get('q') ?? '',
    book: idIn(given.get('book')),
    label: given.get('label') ?? undefined,
    list: idIn(given.get('list')),
    kind: kind === 'person' || kind === 'org' ? kind : undefined,
    filter: filterIn(given.get('filter')),
    edit: idIn(given.get('edit')),
    order: orders.find((one) => one === order) ?? 'name',
  }
}

/** Empty for everybody by name. */
export function writeView({ q, book, label, list, kind, filter, edit, order }: View): string {
  const written = new URLSearchParams()
  if (q !== '') written.set('q', q)
  if (book !== undefined) written.set('book', String(book))
  if (label !== undefined) written.set('label', label)
  if (list !== undefined) written.set('list', String(list))
  if (kind) written.set('kind', kind)
  if (filter) written.set('filter', JSON.stringify(filter))
  if (edit !== undefined) written.set('edit', String(edit))
  if (order !== 'name') written.set('order', order)
  return written.size === 0 ? '' : `?${written}`
}

/** What the server is asked. @param saved  the filter of the list that is shown */
export function filterOf({ book, label, kind, filter }: View, saved: Filter | undefined): Filter {
  const all: Filter[] = []
  if (saved) all.push(saved)
  if (book !== undefined) all.push({ field: 'book', book })
  if (label !== undefined) all.push({ field: 'label', op: 'is', text: label })
  if (kind) all.push({ field: 'kind', kind })
  if (filter) all.push(filter)
  return { all }
}

function idIn(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** What is no JSON is no filter; what is no filter the server refuses. */
function filterIn(text: string | null): Filter | undefined {
  try {
    return text === null ? undefined : (JSON.parse(text) as Filter)
  } catch {
    return undefined
  }
}
