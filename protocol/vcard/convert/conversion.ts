import type { Step } from './line.ts'

/** Lines of a card before and after; VERSION, FN and N are left out unless they are what it is about. */
export interface Example {
  readonly three: readonly string[]
  readonly four: readonly string[]
  /** The way it goes; both where it is not given. */
  readonly only?: 'to 4.0' | 'to 3.0'
}

/**
 * One row of the table of conversions: what the documents say, what the tests try, and what is done.
 * `to4` reads 3.0 and `to3` reads 4.0; a row without one leaves the lines as they are that way.
 */
export interface Conversion {
  /** The properties or parameters. */
  readonly about: string
  readonly three: string
  readonly four: string
  /** What else is to be known: what is kept, for whom. */
  readonly note?: string
  readonly rfc: string
  readonly to4?: Step
  readonly to3?: Step
  readonly examples: readonly Example[]
}
