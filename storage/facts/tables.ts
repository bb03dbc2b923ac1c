import type { ConsentId, MembershipId, OrgLinkId, PartyId, RelationId } from '../ids.ts'
import type { FactTable } from './fact-rows.ts'

/** A day as people know it: `2026`, `2026-05` or `2026-05-17`. */
export type Day = string

/** Where somebody works, or worked. */
export interface MembershipRow {
  readonly id: MembershipId
  readonly partyId: PartyId
  /** Null where it is only known by what cards call it. */
  readonly orgId: PartyId | null
  /** As cards have it. */
  readonly orgName: string
  readonly department: string
  readonly title: string
  readonly role: string
  readonly fromOn: Day | null
  /** The first day on which it is over. */
  readonly untilOn: Day | null
  /** 1 for the one that cards show. */
  readonly isPrimary: number
}

/** Whom somebody knows: the other is his or her `type`. */
export interface RelationRow {
  readonly id: RelationId
  readonly partyId: PartyId
  /** Null where there is only a name. */
  readonly otherId: PartyId | null
  readonly type: string
  /** What he or she is to the other. */
  readonly inverse: string
  /** What the cards of the party call the other, and the other way round; empty where they have no such line. */
  readonly name: string
  readonly otherName: string
  readonly sinceOn: Day | null
  readonly untilOn: Day | null
}

/** An organisation that is part of another. */
export interface OrgLinkRow {
  readonly id: OrgLinkId
  readonly partyId: PartyId
  readonly parentId: PartyId
  readonly kind: string
  readonly fromOn: Day | null
  readonly untilOn: Day | null
}

/** What somebody has agreed to: one for each channel and purpose; what was before stands in the history. */
export interface ConsentRow {
  readonly id: ConsentId
  readonly partyId: PartyId
  /** `mail`, `phone`, `post`, `sms`, one's own in small letters; `any` for all. */
  readonly channel: string
  /** As it is written; `any` for all. */
  readonly purpose: string
  /** The same in small letters. */
  readonly purposeKey: string
  readonly state: 'given' | 'refused' | 'withdrawn'
  /** Where it comes from: a form, a call. */
  readonly source: string
  /** Since when it is so: a whole day, as the next one is. */
  readonly givenOn: Day
  /** The first day on which it is over. */
  readonly expiresOn: Day | null
  readonly note: string
  /** What shows it. */
  readonly evidenceKind: 'document' | 'activity' | 'event' | null
  readonly evidenceId: number | null
}

export const membershipTable: FactTable<MembershipRow> = {
  name: 'memberships',
  fields: [
    ...(['partyId', 'orgId', 'orgName', 'department', 'title', 'role'] as const),
    ...(['fromOn', 'untilOn', 'isPrimary'] as const),
  ],
}

export const relationTable: FactTable<RelationRow> = {
  name: 'relations',
  fields: [
    ...(['partyId', 'otherId', 'type', 'inverse'] as const),
    ...(['name', 'otherName', 'sinceOn', 'untilOn'] as const),
  ],
}

export const orgLinkTable: FactTable<OrgLinkRow> = {
  name: 'org_links',
  fields: ['partyId', 'parentId', 'kind', 'fromOn', 'untilOn'],
}

export const consentTable: FactTable<ConsentRow> = {
  name: 'consents',
  fields: [
    ...(['partyId', 'channel', 'purpose', 'purposeKey', 'state', 'source'] as const),
    ...(['givenOn', 'expiresOn', 'note', 'evidenceKind', 'evidenceId'] as const),
  ],
}
