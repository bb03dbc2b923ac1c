/** The sorts of text that something is found by, in the order of their weight: 0 first. */
export const fieldWeights = {
  name: 0,
  nickname: 0,
  /** What an event, a note or a file is called. */
  heading: 0,
  email: 1,
  phone: 1,
  company: 2,
  value: 3,
  title: 3,
  label: 3,
  attendee: 3,
  location: 4,
  address: 4,
  note: 4,
} as const

export type SearchField = keyof typeof fieldWeights

/** One text that something is found by. */
export interface FieldText {
  readonly field: SearchField
  readonly text: string
  /** Other ways to write it, folded; of a number its digits. */
  readonly forms?: readonly string[]
}

/** A row of `search_documents.texts`: the field, its text, and the other forms. */
export type StoredField = readonly [field: SearchField, text: string, ...forms: string[]]

/** The letters that entries begin with: a search for two letters of a name looks at no mail addresses. */
export const entryOf = {
  /** A name from its first word on, and from a later one. */
  name: 'a',
  laterName: 'b',
  company: 'c',
  laterCompany: 'd',
  heading: 'e',
  laterHeading: 'f',
  initials: 'i',
  label: 'l',
  email: 'm',
  /** A later part of a mail address. */
  laterEmail: 'n',
  /** The digits of a number, the last first. */
  number: 't',
} as const
