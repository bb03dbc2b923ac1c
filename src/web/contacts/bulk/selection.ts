import { useMemo, useState } from 'react'
import { tellFailed } from '../../ui/toast.tsx'
import type { PartyItem } from '../contacts.ts'
import { type Asked, peopleBetween } from '../list/people.ts'

/** So many can be chosen at once. */
export const mostSelected = 2_000

/** Who is chosen, for what is done to several. */
export interface Selection {
  readonly people: ReadonlyMap<number, PartyItem>
  readonly toggle: (row: PartyItem, position: number) => void
  /** All from the one that was chosen last to this one. */
  readonly extend: (position: number) => void
  readonly all: (count: number) => void
  readonly clear: () => void
}

/** Nobody is chosen at first, and whenever other people are shown. */
export function useSelection(asked: Asked): Selection {
  const key = JSON.stringify(asked)
  const [state, setState] = useState<State>({ key, people: new Map(), last: 0 })
  const now = state.key === key ? state : { key, people: new Map<number, PartyItem>(), last: 0 }
  return useMemo(() => {
    const add = async (from: number, to: number, last: number): Promise<void> => {
      try {
        const found = await peopleBetween(asked, Math.min(from, to), Math.max(from, to), mostSelected)
        const people = new Map([...now.people, ...found.map((row) => [row.id, row] as const)])
        setState({ key, people, last })
      } catch (error) {
        tellFailed(error)
      }
    }
    return {
      people: now.people,
      toggle: (row, position) => {
        const people = new Map(now.people)
        if (!people.delete(row.id) && people.size < mostSelected) people.set(row.id, row)
        setState({ key, people, last: position })
      },
      extend: (position) => void add(now.last, position, position),
      all: (count) => void add(0, count - 1, 0),
      clear: () => setState({ key, people: new Map(), last: now.last }),
    }
  }, [asked, key, now])
}

interface State {
  readonly key: string
  readonly people: ReadonlyMap<number, PartyItem>
  readonly last: number
}
