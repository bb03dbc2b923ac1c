declare const kindOfId: unique symbol

/** A row's id. A plain number may stand for any id; ids of two kinds of rows may not stand for each other. */
type Id<Kind extends string> = number & { readonly [kindOfId]?: Kind }

export type PrincipalId = Id<'principal'>
/** An app password, which is what the server knows of a device. */
export type DeviceId = Id<'device'>
/** What a program uses the API with. */
export type TokenId = Id<'token'>
/** Somebody who is signed in on the web page. */
export type WebSessionId = Id<'web session'>
/** That somebody signed in, or was refused. */
export type SignInId = Id<'sign-in'>
export type HomeId = Id<'home'>
export type FeedId = Id<'feed'>
export type CollectionId = Id<'collection'>
export type ObjectId = Id<'object'>
export type BodyId = Id<'body'>
export type RevisionId = Id<'revision'>
/** What somebody has agreed to, or not. */
export type RetentionRuleId = Id<'retention rule'>
export type ConsentId = Id<'consent'>
/** The proof that somebody was erased. */
export type ErasureId = Id<'erasure'>
/** How often somebody wants to be in touch. */
export type CadenceId = Id<'cadence'>
/** What ties an event, a task or a file to somebody. */
export type PartyLinkId = Id<'party link'>
/** A note, a call, a visit. */
export type ActivityId = Id<'activity'>
/** A saved filter. */
export type SmartListId = Id<'smart list'>
/** A field of one's own. */
export type CustomFieldId = Id<'custom field'>
/** What some of those who work together may do. */
export type TeamRoleId = Id<'team role'>
/** A person or an organisation. */
export type PartyId = Id<'party'>
/** Two who may be one, and two who became one. */
export type DuplicateId = Id<'duplicate'>
export type MergeId = Id<'merge'>
/** A fact beside the cards: where somebody works, whom he knows, what an organisation is part of. */
export type MembershipId = Id<'membership'>
export type RelationId = Id<'relation'>
export type OrgLinkId = Id<'organisation link'>
export type SuggestionId = Id<'suggestion'>
export type ShareId = Id<'share'>
/** What somebody lets another see of people of his. */
export type GrantId = Id<'grant'>
/** What somebody does not see of cards of others. */
export type MaskId = Id<'mask'>
export type MountId = Id<'mount'>
export type NotificationId = Id<'notification'>
/** A folder or a file. */
export type NodeId = Id<'node'>
export type BlobId = Id<'blob'>
/** What somebody sent, and was refused. */
export type HeldEditId = Id<'held edit'>
/** A change of a fact beside a card, and many changes that one device made at once. */
export type FactRevisionId = Id<'fact revision'>
export type BurstId = Id<'burst'>
/** What came in together. */
export type BatchId = Id<'batch'>
export type BatchItemId = Id<'batch item'>
/** A photo or the like, kept once. */
export type MediaId = Id<'media'>
/** An account on another server that is moved in, and a collection of it. */
export type MigrationSourceId = Id<'migration source'>
export type MigrationCollectionId = Id<'migration collection'>
export type EventId = Id<'event'>
export type WebhookId = Id<'webhook'>
/** What is to leave the server. */
export type OutboxId = Id<'outbox'>
