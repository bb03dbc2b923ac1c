import type { TextMatch } from '../text/collation.ts'

/**
 * The values a CARDDAV:filter and a CARDDAV:address-data element are read into.
 * Read by protocol/dav, evaluated in protocol/vcard.
 * @see RFC 6352 §10.4–10.5
 */

/** No `props` matches every card. @see RFC 6352 §10.5 */
export interface AddressFilter {
  readonly test: 'anyof' | 'allof'
  readonly props: readonly AddressPropFilter[]
}

/** A filter with no conditions asks only that the property exists. Names are in upper case. @see RFC 6352 §10.5.1 */
export interface AddressPropFilter {
  readonly name: string
  /** Given only when the client wrote `group.NAME`; otherwise a property of any group is meant. */
  readonly group?: string
  readonly isNotDefined: boolean
  readonly test: 'anyof' | 'allof'
  readonly textMatches: readonly TextMatch[]
  readonly params: readonly ParamFilter[]
}

/** @see RFC 6352 §10.5.2 */
export interface ParamFilter {
  readonly name: string
  readonly isNotDefined: boolean
  readonly textMatch?: TextMatch
}

/** What to return of each card. @see RFC 6352 §10.4 */
export interface AddressDataRequest {
  /** A version of vCard, or jCard (RFC 7095); undefined when the client does not say. */
  readonly form?: '3.0' | '4.0' | 'jcard'
  /** The asked properties; undefined for the whole card (KDE-05). */
  readonly props?: readonly PropSelection[]
}

/** @see RFC 6352 §10.4.2 */
export interface PropSelection {
  /** In upper case; `GROUP.NAME` for one group's only. */
  readonly name: string
  /** Give the name and the parameters without the value. */
  readonly novalue: boolean
}
