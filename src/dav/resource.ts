import type { PrivilegeSet } from '../../protocol/dav/privileges.ts'
import type { CollectionRow } from '../../storage/collections.ts'
import type { HomeRow } from '../../storage/homes.ts'
import type { MountRow } from '../../storage/mounts.ts'
import { type NodeRow, top } from '../../storage/nodes/nodes.ts'
import type { NotificationFeed, NotificationRow } from '../../storage/notifications.ts'
import type { MemberRow, ObjectRow } from '../../storage/objects.ts'
import type { PrincipalRow } from '../../storage/principals.ts'
import type { VirtualBook } from '../../storage/virtual/books.ts'
import type { ListDialect } from '../features/devices/kinds.ts'
import type { TreeRoot } from '../features/documents/tree-rights.ts'
import type { GuardedPlace } from '../features/rights/rights.ts'
import type { Notice } from '../features/sharing/sharing.ts'
import type { ProxyMode } from './paths.ts'

/** What a URL can name. Properties, reports and methods say on which kinds they work. */
export type Kind =
  | 'root'
  | 'principals'
  | 'homes'
  | 'principal'
  | 'proxy'
  | 'calendar-home'
  | 'addressbook-home'
  | 'calendar'
  | 'addressbook'
  | 'event'
  | 'card'
  | 'notifications'
  | 'notification'
  | 'file-home'
  | 'folder'
  | 'file'

interface Named<K extends Kind> {
  readonly kind: K
  /** Absolute canonical path; collections end in a slash. */
  readonly href: string
  /** What the caller may do with it. */
  readonly access: PrivilegeSet
}

export interface PrincipalResource extends Named<'principal'> {
  readonly principal: PrincipalRow
}

/** Those who may read, or write, in the calendars of a principal in its place. */
export interface ProxyResource extends Named<'proxy'> {
  /** In whose place. */
  readonly principal: PrincipalRow
  readonly mode: ProxyMode
}

interface Home<K extends 'calendar-home' | 'addressbook-home'> extends Named<K> {
  readonly row: HomeRow
  readonly guarded: GuardedPlace
  /** Whose home it is. */
  readonly principal: PrincipalRow
  readonly epoch: string
}

/**
 * A calendar or an address book with its feed's present number. Where it is mounted in the home of a sharee, the row has
 * the id, feed and components of what is shared, and the name and properties that the sharee gave it.
 */
interface Collection<K extends 'calendar' | 'addressbook'> extends Named<K> {
  readonly row: CollectionRow
  /** Where its access control lists stand: in the home of its owner. */
  readonly guarded: GuardedPlace
  /** Whose home it is in. */
  readonly principal: PrincipalRow
  /** Whose it is. */
  readonly owner: PrincipalRow
  readonly epoch: string
  readonly mount?: MountRow
  /** How lists of people in it are seen; undefined where it has never had any. */
  readonly lists?: ListDialect | undefined
  /** Of what the server copies from cards that are elsewhere: what decides that. */
  readonly virtual?: VirtualBook
  /** What a mounted one is called in its owner's home. */
  readonly nameAtOwner?: string
}

/**
 * A calendar object or a card; `full` and `text` are there when a property needed them. Where the caller sees the collection through a
 * view they are what he sees, and `stored` is the row of what is there.
 */
interface Member<K extends 'event' | 'card'> extends Named<K> {
  readonly collection: CollectionResource
  readonly row: MemberRow
  readonly full?: ObjectRow | undefined
  readonly stored?: ObjectRow
  readonly text?: string | undefined
}

/** The folder of what an account is told, with its feed's present number. */
export interface NotificationsResource extends Named<'notifications'> {
  readonly principal: PrincipalRow
  readonly feed: NotificationFeed
}

/** Something that an account is told. */
export interface NotificationResource extends Named<'notification'> {
  /** Who is told it. */
  readonly principal: PrincipalRow
  readonly row: NotificationRow
  readonly notice: Notice
}

/** The home of an account's files. */
export interface FileHomeResource extends Named<'file-home'> {
  readonly row: HomeRow
  /** Whose home it is. */
  readonly principal: PrincipalRow
  readonly epoch: string
  readonly guarded: GuardedPlace
}

/** A folder or a file, with what it lies in. Files have the rights of their folder. */
interface Node<K extends 'folder' | 'file'> extends Named<K> {
  readonly row: NodeRow
  readonly home: FileHomeResource
  readonly parent: FolderLike
  readonly guarded: GuardedPlace
}

export type HomeResource = Home<'calendar-home'> | Home<'addressbook-home'>
export type CollectionResource = Collection<'calendar'> | Collection<'addressbook'>
export type MemberResource = Member<'event'> | Member<'card'>
export type FolderResource = Node<'folder'>
export type FileResource = Node<'file'>
/** What other nodes can lie in. */
export type FolderLike = FileHomeResource | FolderResource
export type Resource =
  | Named<'root'>
  | Named<'principals'>
  | Named<'homes'>
  | PrincipalResource
  | ProxyResource
  | Home<'calendar-home'>
  | Home<'addressbook-home'>
  | Collection<'calendar'>
  | Collection<'addressbook'>
  | Member<'event'>
  | Member<'card'>
  | NotificationsResource
  | NotificationResource
  | FileHomeResource
  | FolderResource
  | FileResource

/** The resource type of a kind. */
export type ResourceOf<K extends Kind> = Extract<Resource, { kind: K }>

export function isHome(resource: Resource): resource is HomeResource {
  return resource.kind === 'calendar-home' || resource.kind === 'addressbook-home'
}

export function isCollection(resource: Resource): resource is CollectionResource {
  return resource.kind === 'calendar' || resource.kind === 'addressbook'
}

export function isMember(resource: Resource): resource is MemberResource {
  return resource.kind === 'event' || resource.kind === 'card'
}

/** The kind of the members of a collection. */
export function memberKind(kind: 'calendar' | 'addressbook'): 'event' | 'card' {
  return kind === 'calendar' ? 'event' : 'card'
}

/** Folders and files; not the home. */
export function isNode(resource: Resource): resource is FolderResource | FileResource {
  return resource.kind === 'folder' || resource.kind === 'file'
}

export function isFolderLike(resource: Resource): resource is FolderLike {
  return resource.kind === 'file-home' || resource.kind === 'folder'
}

/** The home of files that something is in. */
export function fileHomeOf(resource: FolderLike | FileResource): FileHomeResource {
  return resource.kind === 'file-home' ? resource : resource.home
}

/** A folder as its tree is judged from. */
export function treeRootOf(folder: FolderLike): TreeRoot {
  const { guarded, access } = folder
  return {
    homeId: fileHomeOf(folder).row.id,
    id: folder.kind === 'folder' ? folder.row.id : top,
    guarded,
    access,
  }
}
