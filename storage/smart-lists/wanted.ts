import type { CollectionId, CustomFieldId, PartyId, PrincipalId } from '../ids.ts'

/** How a text is compared; folded ones are without case and accents. */
export type Match =
  | { readonly op: 'any' }
  | {
      readonly op: 'is' | 'contains' | 'begins'
      readonly text: string
      readonly of?: 'folded' | 'value' | undefined
    }
  /** In the order of their octets, both ends included. */
  | {
      readonly op: 'between'
      readonly from?: string | undefined
      readonly upTo?: string | undefined
      readonly of?: 'folded' | 'value' | undefined
    }

/** Moments, the first included and the last not; an end that is not given is open. */
export interface Span {
  readonly from?: number | undefined
  readonly until?: number | undefined
}

/** What is asked of a person, with everything looked up that has a name. */
export type Wanted =
  | { readonly all: readonly Wanted[] }
  | { readonly any: readonly Wanted[] }
  | { readonly not: Wanted }
  | Asked

/** One question. What is on cards is asked of all cards of the person, as they are seen. */
export type Asked =
  /** A row of the contact index. */
  | { readonly on: 'card'; readonly kinds: readonly string[]; readonly match: Match }
  | {
      readonly on: 'labelled'
      readonly list: string
      readonly labels: readonly string[]
      readonly match: Match
    }
  /** Without labels: whoever has one. */
  | { readonly on: 'label'; readonly labels?: readonly string[] | undefined }
  | { readonly on: 'card-changed'; readonly span: Span }
  | { readonly on: 'kind'; readonly kind: 'person' | 'org' }
  | { readonly on: 'book'; readonly id: CollectionId }
  | { readonly on: 'people'; readonly ids: readonly PartyId[] }
  | { readonly on: 'custom'; readonly fieldId: CustomFieldId; readonly match: Match }
  | { readonly on: 'amount'; readonly fieldId: CustomFieldId; readonly from?: number; readonly upTo?: number }
  | { readonly on: 'role'; readonly role?: string | undefined }
  /** Without ids: whoever has an owner. */
  | { readonly on: 'owner'; readonly ids?: readonly PrincipalId[] | undefined }
  | { readonly on: 'created' | 'changed'; readonly span: Span }
  | {
      readonly on: 'works-at'
      readonly orgId?: PartyId | undefined
      /** Or at what is part of it. */
      readonly withParts: boolean
      readonly when: 'now' | 'past' | 'ever'
      readonly today: string
    }
  | {
      readonly on: 'relation'
      readonly type?: string | undefined
      readonly otherId?: PartyId | undefined
      readonly today: string
    }
  | { readonly on: 'activity'; readonly kinds?: readonly string[] | undefined; readonly span: Span }
  /** Events by when they end. */
  | { readonly on: 'meeting'; readonly span: Span; readonly begins?: Span | undefined }
  | { readonly on: 'open-task' }
  | { readonly on: 'duplicate' }

/** What is seen of people, and how. */
export interface Sight {
  readonly principalId: PrincipalId
  /** Himself, and every group that holds him. */
  readonly principals: readonly PrincipalId[]
  /** Every book that is read. */
  readonly books: readonly CollectionId[]
  /** Those whose cards are seen as they are. */
  readonly whole: readonly CollectionId[]
  /** What stands for the others: copies without what masks hide. */
  readonly twins: readonly CollectionId[]
  /** Those of them in which the labels of cards are seen. */
  readonly labelled: readonly CollectionId[]
  readonly calendars: readonly CollectionId[]
  /** Of whoever is in these books as well it is hidden where he works, whom he knows, and who he may be. */
  readonly veiled: {
    readonly jobs: readonly CollectionId[]
    /** Of jobs that are nothing but a title or a role. */
    readonly titles: readonly CollectionId[]
    readonly relations: readonly CollectionId[]
    readonly duplicates: readonly CollectionId[]
  }
}
