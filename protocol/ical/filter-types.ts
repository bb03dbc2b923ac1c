import type { TextMatch } from '../text/collation.ts'

/**
 * The values a CALDAV:filter and a CALDAV:calendar-data element are read into.
 * Read by protocol/dav, evaluated in protocol/ical.
 * @see RFC 4791 §9.6–9.9
 */

/** Epoch milliseconds UTC, `start` inclusive, `end` exclusive; an absent end is open. */
export interface TimeRange {
  readonly start: number | undefined
  readonly end: number | undefined
}

/** Whether all or any of the conditions inside must hold; `allof` unless the client says otherwise. */
export type FilterTest = 'allof' | 'anyof'

/** The name of a component that stands for any. @see draft-daboo-caldav-extensions §3 */
export const anyComponent = '*'

/** Component, property and parameter names are in upper case. @see RFC 4791 §9.7.1 */
export interface CompFilter {
  /** Of the components, or `*`. */
  readonly name: string
  readonly isNotDefined: boolean
  readonly timeRange?: TimeRange
  readonly props: readonly PropFilter[]
  readonly comps: readonly CompFilter[]
  readonly test: FilterTest
}

/** @see RFC 4791 §9.7.2 */
export interface PropFilter {
  readonly name: string
  readonly isNotDefined: boolean
  readonly timeRange?: TimeRange
  readonly textMatch?: TextMatch
  readonly params: readonly ParamFilter[]
  readonly test: FilterTest
}

/** @see RFC 4791 §9.7.3, RFC 6352 §10.5.2 */
export interface ParamFilter {
  readonly name: string
  readonly isNotDefined: boolean
  readonly textMatch?: TextMatch
}

/** What to return of each object; an empty request is the whole object as stored. @see RFC 4791 §9.6 */
export interface CalendarDataRequest {
  /** As jCal (RFC 7265), not as iCalendar. */
  readonly isJson?: true
  readonly expand?: TimeRange
  readonly limitRecurrenceSet?: TimeRange
  readonly limitFreebusySet?: TimeRange
  readonly comp?: CompSelection
}

/** Which properties and inner components of a component to return. @see RFC 4791 §9.6.1 */
export interface CompSelection {
  readonly name: string
  /** Every property; then `props` is empty. */
  readonly allprop: boolean
  readonly props: readonly PropSelection[]
  /** Every inner component, whole; then `comps` is empty. */
  readonly allcomp: boolean
  readonly comps: readonly CompSelection[]
}

/** @see RFC 4791 §9.6.4 */
export interface PropSelection {
  readonly name: string
  /** The name and parameters only. */
  readonly novalue: boolean
}
