import type { z } from 'zod'
import type { newGrant } from '../../features/grants/schema.ts'

export type Masks = NonNullable<z.input<typeof newGrant>['masks']>

/** What can be hidden of cards, and the rules of masks that say so. @see readMaskRule */
export const hidable = {
  mobile: ['TEL;TYPE=cell'],
  phones: ['TEL;TYPE=home'],
  mails: ['EMAIL;TYPE=home'],
  addresses: ['ADR;TYPE=home'],
  allAddresses: ['ADR'],
  birthday: ['BDAY'],
  dates: ['ANNIVERSARY', 'X-ABDATE'],
  notes: ['NOTE'],
  relations: ['RELATED'],
  photo: ['PHOTO'],
  messengers: ['IMPP', 'SOCIALPROFILE'],
  pages: ['URL'],
  labels: ['CATEGORIES'],
  others: ['X-*'],
} as const satisfies Record<string, readonly string[]>
export type Hidable = keyof typeof hidable
export const hidables = Object.keys(hidable) as readonly Hidable[]

/** What is seen of those who are shared as business contacts: beside the name nothing else. */
const business: readonly string[] = [
  ...['ORG', 'TITLE', 'ROLE', 'PHOTO', 'TEL;TYPE=work', 'EMAIL;TYPE=work', 'ADR;TYPE=work', 'URL;TYPE=work'],
]

/** How much is seen: all, what belongs to the job, all but some, or what was written otherwise, which stays. */
export interface Hiding {
  readonly mode: 'all' | 'work' | 'some' | 'own'
  readonly hidden: readonly Hidable[]
  /** Rules that there are no words for. */
  readonly kept: readonly string[]
  /** As they were written. */
  readonly masks: Masks
}

export const hidesNothing: Hiding = { mode: 'all', hidden: [], kept: [], masks: [] }

/** Masks as they are chosen. */
export function readHiding(masks: Masks): Hiding {
  const rules = masks.flatMap(({ hide }) => hide)
  const [only] = masks.flatMap((mask) => (mask.only ? [mask.only] : []))
  if (masks.length === 0) return hidesNothing
  if (only !== undefined) {
    const isBusiness = masks.length === 1 && rules.length === 0 && isSame(only, business)
    return { mode: isBusiness ? 'work' : 'own', hidden: [], kept: [], masks }
  }
  const hidden = hidables.filter((key) => hidable[key].every((rule) => rules.includes(rule)))
  const said = new Set<string>(hidden.flatMap((key) => hidable[key]))
  return { mode: 'some', hidden, kept: rules.filter((rule) => !said.has(rule)), masks }
}

/** What was chosen, as masks. */
export function masksOf({ mode, hidden, kept, masks }: Hiding): Masks {
  if (mode === 'own') return masks
  if (mode === 'work') return [{ hide: [], only: [...business] }]
  const hide = mode === 'some' ? [...hidden.flatMap((key) => [...hidable[key]]), ...kept] : []
  return hide.length === 0 ? [] : [{ hide }]
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((rule) => other.includes(rule))
}
