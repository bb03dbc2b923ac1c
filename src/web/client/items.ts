import type { QueryKey } from '@tanstack/react-query'

/** How something that was read will look, in all queries whose keys begin so. */
export interface Patch {
  readonly key: QueryKey
  readonly update: (seen: unknown) => unknown
}

type Plain = Readonly<Record<string, unknown>>

let lastPending = 0

/** Of what is shown before the server has given it an id: nothing can be done with it until then. */
export function pendingId(): number {
  lastPending -= 1
  return lastPending
}

export function isPending({ id }: { readonly id: number }): boolean {
  return id < 0
}

/** A thing by its id, or by what else it is known. */
type Which<Item> = number | ((one: Item) => boolean)

/** How one thing will look, wherever it was read: by itself, with its tag, in a list, or in pages. */
export function patchItem<Item extends object>(
  key: QueryKey,
  which: Which<Item>,
  update: Partial<Item> | ((one: Item) => Item),
): Patch {
  return patchWithin(key, which, (one) =>
    typeof update === 'function' ? update(one) : { ...one, ...update },
  )
}

/** One thing is gone from all lists. */
export function dropItem<Item extends object>(key: QueryKey, which: Which<Item>): Patch {
  return patchWithin(key, which, () => undefined)
}

function patchWithin<Item extends object>(
  key: QueryKey,
  which: Which<Item>,
  update: (one: Item) => Item | undefined,
): Patch {
  const isThis = (one: unknown): one is Item =>
    isPlain(one) && (typeof which === 'number' ? one.id === which : which(one as Item))
  const inList = (list: readonly unknown[]): unknown[] =>
    list.flatMap((one) => (isThis(one) ? (update(one) ?? []) : [one]))
  const within = (seen: unknown): unknown => {
    if (Array.isArray(seen)) return inList(seen)
    if (!isPlain(seen)) return seen
    if (isThis(seen)) return update(seen) ?? seen
    if (Array.isArray(seen.pages)) return { ...seen, pages: seen.pages.map(within) }
    const parts = Object.entries(seen).map(([name, part]) => {
      const holds = Array.isArray(part) || (name === 'data' && isPlain(part))
      return [name, holds ? within(part) : part] as const
    })
    return Object.fromEntries(parts)
  }
  return { key, update: within }
}

/** How a list will be, wherever it was read: what comes to one in pages comes to the last of them. @param name  of the list */
export function patchList<Item>(
  key: QueryKey,
  update: (items: readonly Item[]) => readonly Item[],
  name = 'items',
): Patch {
  const within = (seen: unknown): unknown => {
    if (Array.isArray(seen)) return update(seen)
    if (!isPlain(seen)) return seen
    if (Array.isArray(seen.pages)) return { ...seen, pages: seen.pages.with(-1, within(seen.pages.at(-1))) }
    if (isPlain(seen.data)) return { ...seen, data: within(seen.data) }
    return Array.isArray(seen[name]) ? { ...seen, [name]: update(seen[name]) } : seen
  }
  return { key, update: within }
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
