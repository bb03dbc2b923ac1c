import { useState } from 'react'
import type { ImportItem, ImportRun, ImportState } from '../imports.ts'

/** What becomes of an item that is there already: it is merged, kept beside, or left out. */
export const ways = ['update', 'new', 'skip'] as const
export type Way = (typeof ways)[number]

type Meets = NonNullable<ImportItem['meets']>
type Outcome = ImportItem['outcome']

interface Chosen {
  readonly way: Way
  readonly meets: Meets
  readonly outcome: Outcome
}

interface Kept {
  readonly forAll: Way
  /** By the numbers of items. */
  readonly each: Readonly<Record<number, Chosen>>
}

/** What was chosen of each trial, for as long as the app is open. */
const keptFor = new Map<number, Kept>()

/** What is chosen of what is there already: for all, and for some by themselves. */
export function useChoices({ id }: Pick<ImportState, 'id'>) {
  const [kept, setKept] = useState<Kept>(keptFor.get(id) ?? { forAll: 'update', each: {} })
  const put = (next: Kept): void => {
    keptFor.set(id, next)
    setKept(next)
  }
  const { forAll, each } = kept
  return {
    ...kept,
    wayOf: ({ number, meets }: ImportItem): Way => possible(each[number]?.way ?? forAll, meets),
    chooseAll: (way: Way): void => put({ forAll: way, each }),
    choose: ({ number, meets, outcome }: ImportItem, way: Way): void => {
      if (meets) put({ forAll, each: { ...each, [number]: { way, meets, outcome } } })
    },
    forget: (): void => put({ forAll, each: {} }),
    /** Another trial of the same file goes on with them. */
    carryTo: (next: number): void => void keptFor.set(next, kept),
  }
}

export type Choices = ReturnType<typeof useChoices>

/** Ways that there are for an item: nothing is merged with several, or with who was merged away. */
export function waysFor(meets: Meets | undefined): readonly Way[] {
  return ways.filter((way) => possible(way, meets) === way)
}

function possible(way: Way, meets: Meets | undefined): Way {
  return way === 'update' && (meets === 'several' || meets === 'merged') ? 'skip' : way
}

/** How many items come to what, by what is chosen. */
export function countsBy({ counts, met = [] }: ImportState, { forAll, each }: Kept): ImportState['counts'] {
  const result = { ...counts }
  const move = (from: Outcome, to: Outcome, count: number): void => {
    result[from] -= count
    result[to] += count
  }
  for (const one of met) move(one.outcome, becomes(one, forAll), one.count)
  for (const { way, ...one } of Object.values(each)) move(becomes(one, forAll), becomes(one, way), 1)
  return result
}

function becomes({ meets, outcome }: Omit<Chosen, 'way'>, way: Way): Outcome {
  if (outcome === 'refused') return outcome
  const done = possible(way, meets)
  if (done !== 'update') return done === 'new' ? 'created' : 'skipped'
  return outcome === 'unchanged' ? 'unchanged' : 'updated'
}

/** What is sent of them: those alone that are not as all. */
export function sentChoices({ forAll, each }: Kept): NonNullable<ImportRun['choices']> {
  const others = Object.entries(each).filter(([, { way }]) => way !== forAll)
  const numbers = (wanted: Way): number[] =>
    others.flatMap(([number, { way }]) => (way === wanted ? [Number(number)] : []))
  return { update: numbers('update'), new: numbers('new'), skip: numbers('skip') }
}
