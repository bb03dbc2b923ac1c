import type { CardDate, CardDetails, ListName, ListValues, ValueAbout } from './details.ts'
import type { SomeParts } from './names.ts'
import type { NewPhoto } from './photo.ts'
import type { TextProperty } from './singles.ts'

/** One thing to do to a card. Empty texts and null take away. */
export type CardEdit =
  | { readonly op: 'text'; readonly property: TextProperty; readonly value: string }
  | { readonly op: 'name'; readonly parts: SomeParts }
  | { readonly op: 'nicknames'; readonly values: readonly string[] }
  | { readonly op: 'kind'; readonly kind: 'individual' | 'org' }
  | { readonly op: 'gender'; readonly gender: CardDetails['gender'] }
  | { readonly op: 'date'; readonly property: 'birthday' | 'anniversary'; readonly date: CardDate | null }
  | ({ readonly op: 'employer' } & Employer)
  | { readonly op: 'categories'; readonly values: readonly string[] }
  | { readonly op: 'photo'; readonly photo: NewPhoto | null }
  | AddEdit
  | ChangeEdit
  | { readonly op: 'remove'; readonly list: ListName; readonly key: string }

/** A new value of a list. */
export type AddEdit<L extends ListName = ListName> = {
  readonly [P in L]: { readonly op: 'add'; readonly list: P; readonly value: ListValues[P] } & AboutEdit
}[L]

/** A value of a list is another one; what is not given of it stays. */
export type ChangeEdit<L extends ListName = ListName> = {
  readonly [P in L]: {
    readonly op: 'change'
    readonly list: P
    readonly key: string
    readonly value?: ListValues[P] | undefined
  } & AboutEdit
}[L]

/** `isBuiltIn` where it is not given: whether the label is spelt as one of Apple's own words. */
export type AboutEdit = { readonly [P in keyof ValueAbout]?: ValueAbout[P] | undefined }

/** Whom somebody works for, and as what; what is not given stays, and so do units. */
export interface Employer {
  readonly org?: string | undefined
  readonly units?: readonly string[] | undefined
  readonly title?: string | undefined
  readonly role?: string | undefined
}

/** A value that an edit names is not in the card, or not any more. */
export class NoSuchValueError extends Error {
  override name = 'NoSuchValueError'
  constructor() {
    super('The card has no such value any more.')
  }
}
