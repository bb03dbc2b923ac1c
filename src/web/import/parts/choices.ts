import type { ImportItem, ImportState } from '../imports.ts'
import type { Saying, Wish } from '../wish.ts'

/** What becomes of an item that is there already: it is merged, kept beside, or left out. */
export const ways = ['update', 'new', 'skip'] as const
export type Way = (typeof ways)[number]

type Meets = NonNullable<ImportItem['meets']>
type Outcome = ImportItem['outcome']
type Chosen = Wish['choices'][number]

/** What is chosen of what is there already: for all, and for some by themselves. */
export function choicesOf({ onMatch, choices }: Wish, say: (saying: Saying) => void) {
  const each = new Map(choices.map((one) => [one.number, one]))
  return {
    forAll: onMatch,
    each,
    wayOf: ({ number, meets }: ImportItem): Way => possible(each.get(number)?.way ?? onMatch, meets),
    chooseAll: (way: Way): void => say({ change: { onMatch: way } }),
    choose: (item: ImportItem, way: Way): void =>
      say({ change: { choices: { each: { [item.number]: way } } }, items: [item] }),
    forget: (): void => say({ change: { choices: { forget: true } } }),
  }
}

export type Choices = ReturnType<typeof choicesOf>

/** Ways that there are for an item: nothing is merged with several, or with who was merged away. */
export function waysFor(meets: Meets | undefined): readonly Way[] {
  return ways.filter((way) => possible(way, meets) === way)
}

function possible(way: Way, meets: Meets | undefined): Way {
  return way === 'update' && (meets === 'several' || meets === 'merged') ? 'skip' : way
}

/** How many items come to what, by what is chosen. */
export function countsBy(
  { counts, met = [] }: ImportState,
  { forAll, each }: Choices,
): ImportState['counts'] {
  const result = { ...counts }
  const move = (from: Outcome, to: Outcome, count: number): void => {
    result[from] -= count
    result[to] += count
  }
  for (const one of met) move(one.outcome, becomes(one, forAll), one.count)
  for (const { way, ...one } of each.values()) move(becomes(one, forAll), becomes(one, way), 1)
  return result
}

function becomes({ meets, outcome }: Pick<Chosen, 'meets' | 'outcome'>, way: Way): Outcome {
  if (outcome === 'refused') return outcome
  const done = possible(way, meets)
  if (done !== 'update') return done === 'new' ? 'created' : 'skipped'
  return outcome === 'unchanged' ? 'unchanged' : 'updated'
}
