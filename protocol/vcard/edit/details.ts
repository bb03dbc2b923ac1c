/** A card as a typed view of what it says, for whoever shows it; written in either version, in whatever dialect. */
export interface CardDetails extends CardLists {
  readonly version: '3.0' | '4.0'
  /** Empty where the card has none. */
  readonly uid: string
  readonly kind: 'individual' | 'org' | 'group'
  /** The name to show; empty where the card has none. */
  readonly fn: string
  readonly name: NameParts
  readonly nicknames: readonly string[]
  readonly phoneticOrg: string
  readonly birthday: CardDate | null
  readonly anniversary: CardDate | null
  /** Sex by its letter (M, F, O, N, U) or none, and what the person calls it. @see RFC 6350 §6.2.7 */
  readonly gender: { readonly sex: string; readonly identity: string }
  /** A name of a time zone, or an offset such as -05:00. */
  readonly timeZone: string
  /** The language that the card is written in. @see RFC 9554 §3.3 */
  readonly language: string
  readonly categories: readonly string[]
  readonly photo: CardPhoto | null
  /** Names of properties that this view does not show, each once. */
  readonly others: readonly string[]
}

/** The parts of a name; empty where there is none. @see RFC 6350 §6.2.2, RFC 9554 §2.2 */
export type NameParts = Readonly<Record<NamePart, string>>

export type NamePart =
  | 'prefix'
  | 'given'
  | 'additional'
  | 'family'
  | 'suffix'
  | 'family2'
  | 'generation'
  | 'phoneticGiven'
  | 'phoneticAdditional'
  | 'phoneticFamily'
  | 'maiden'

export interface CardPhoto {
  /** 'image/jpeg' …; empty where the card does not say. */
  readonly mediaType: string
  /** Where the photo is, where it is not in the card. */
  readonly uri: string
}

/** The properties of which a card may have several, by the list they are shown in. */
export type CardLists = { readonly [L in ListName]: readonly CardValue<ListValues[L]>[] }

export type ListName = keyof ListValues

export interface ListValues {
  readonly orgs: Organisation
  readonly titles: string
  readonly roles: string
  readonly phones: string
  readonly mails: string
  readonly addresses: Address
  readonly urls: string
  readonly messengers: Messenger
  readonly profiles: Profile
  /** Labelled dates, without the anniversary. */
  readonly dates: CardDate
  readonly related: RelatedName
  readonly notes: string
  /** Languages to write to the person in. */
  readonly languages: string
  readonly pronouns: string
}

/** One value, and what the card says about it. */
export interface CardValue<Value> extends ValueAbout {
  /** What names it in edits: the same while its line is the same, whatever else of the card changes. */
  readonly key: string
  readonly value: Value
}

export interface ValueAbout {
  /** The words of TYPE, in lower case, but the preferred one. */
  readonly types: readonly string[]
  /** What the user calls it (X-ABLabel), without Apple's marks; empty where the card has none. */
  readonly label: string
  /** The label is one of Apple's own words, which programs translate: _$!<HomePage>!$_. */
  readonly isBuiltIn: boolean
  readonly isPreferred: boolean
}

export interface Organisation {
  readonly name: string
  readonly units: readonly string[]
}

/** The parts of an address; empty where there is none. @see RFC 6350 §6.3.1 */
export type Address = Readonly<Record<AddressPart, string>>

export type AddressPart =
  | 'postOfficeBox'
  | 'extended'
  | 'street'
  | 'locality'
  | 'region'
  | 'postalCode'
  | 'country'
  /** Two letters. @see RFC 8605 §3.1, X-ABADR */
  | 'countryCode'

export interface Messenger {
  /** Empty where the card does not say. */
  readonly service: string
  /** A URI, or the name of the user as the card has it. */
  readonly address: string
}

export interface Profile {
  readonly service: string
  readonly user: string
  readonly uri: string
}

/** A date of which parts may be missing. */
export interface CardDate {
  readonly year: number | null
  /** 1 to 12. */
  readonly month: number | null
  readonly day: number | null
  /** `T102030Z` as in RFC 6350 §4.3.2; empty for a whole day. */
  readonly time: string
  /** What is no date of this calendar, as the card has it; empty for all others. */
  readonly text: string
}

export interface RelatedName {
  readonly name: string
  /** What the card has in place of a name. */
  readonly uri: string
}
