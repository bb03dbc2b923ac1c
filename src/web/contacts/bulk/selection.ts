import { useMemo, useState } from 'react'
import type { ChosenPeople } from '../../../features/bulk-people/schema.ts'
import { tellFailed } from '../../ui/toast.tsx'
import type { PartyItem } from '../contacts.ts'
import { type Asked, peopleBetween } from '../list/people.ts'

/** So many can be chosen, or left out of all, one by one. */
const mostSelected = 2_000

/** Who is chosen, for what is done to several. */
export interface Selection {
  readonly count: number
  /** Whether all are meant whom the list finds, more than are chosen one by one. */
  readonly isAll: boolean
  readonly has: (id: number) => boolean
  /** As the server is told. */
  readonly chosen: ChosenPeople
  readonly toggle: (row: PartyItem, position: number) => void
  /** All from the one that was chosen last to this one. */
  readonly extend: (position: number) => void
  readonly all: (count: number) => void
  readonly clear: () => void
}

/** Nobody is chosen at first, and whenever other people are shown. */
export function useSelection(asked: Asked): Selection {
  const key = JSON.stringify(asked)
  const [state, setState] = useState<State>({ key, ids: new Set(), last: 0 })
  const now = state.key === key ? state : { key, ids: new Set<number>(), last: 0 }
  return useMemo(() => {
    const { ids, of, last } = now
    const add = async (from: number, to: number): Promise<void> => {
      try {
        const found = await peopleBetween(asked, Math.min(from, to), Math.max(from, to), mostSelected)
        const change = new Set(found.map(({ id }) => id))
        const rest = [...ids].filter((id) => !change.has(id))
        const next = new Set(of === undefined ? [...rest, ...change] : rest)
        if (next.size <= mostSelected) setState({ ...now, ids: next, last: to })
      } catch (error) {
        tellFailed(error)
      }
    }
    return {
      count: of === undefined ? ids.size : of - ids.size,
      isAll: of !== undefined,
      has: (id) => ids.has(id) === (of === undefined),
      chosen: of === undefined ? { ids: [...ids] } : chosenOf(asked, [...ids]),
      toggle: ({ id }, position) => {
        const next = new Set(ids)
        if (!next.delete(id) && next.size < mostSelected) next.add(id)
        setState({ ...now, ids: next, last: position })
      },
      extend: (position) => void add(last, position),
      all: (count) => {
        if (count > mostSelected) setState({ key, ids: new Set(), of: count, last: 0 })
        else void add(0, count - 1)
      },
      clear: () => setState({ key, ids: new Set(), last }),
    }
  }, [asked, key, now])
}

interface State {
  readonly key: string
  /** Those who are chosen, or where all are, those who are not. */
  readonly ids: ReadonlySet<number>
  /** How many there are, where all are chosen. */
  readonly of?: number
  readonly last: number
}

/** All whom a list finds, but for these. */
export function chosenOf({ filter, q }: Asked, except: readonly number[] = []): ChosenPeople {
  return { filter, ...(q !== '' && { q }), except }
}
