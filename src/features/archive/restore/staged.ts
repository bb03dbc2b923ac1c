import { readXml, XmlError } from '../../../../protocol/dav/xml-read.ts'
import type { CollectionKind, CollectionRow } from '../../../../storage/collections.ts'
import type { DeadProperty, PropertyTarget } from '../../../../storage/dead-properties.ts'
import { setDeadProperty } from '../../../../storage/dead-properties.ts'
import type { CollectionId, HomeId, NodeId, ObjectId, PrincipalId } from '../../../../storage/ids.ts'
import type { Origin } from '../../../../storage/origin.ts'
import type { Writer } from '../../../../storage/store.ts'
import type { Services } from '../../../services.ts'
import { TransferError } from '../../transfer/transfer-error.ts'
import type { CollectionRecord, NodeRecord, PrincipalRecord, Who } from '../format.ts'
import type { ArchiveSource } from '../read/archive-source.ts'

export const origin: Origin = { kind: 'restore' }

/** Where things have come back, by where they are in the archive. */
export interface RestoredPlaces {
  readonly books: Map<string, CollectionId>
  /** What is in the trash, by its collection and which one there it is: see `deadKey`. */
  readonly dead: Map<string, ObjectId>
  /** Files and folders that facts name. */
  readonly nodes: Map<string, NodeId>
}

export const deadKey = (folder: string, trash: number): string => `${trash} ${folder}`

/** What a restoring run works with. */
export interface Restoring {
  readonly services: Services
  readonly source: ArchiveSource
  /** What is not as the manifest says, where it is restored all the same. */
  readonly broken: ReadonlySet<string>
  /** Whoever is made again, and not to be found by his name yet. */
  readonly people: Map<string, PrincipalId>
  readonly places: RestoredPlaces
  /** Whether whoever had this UID was erased here: he does not come back. */
  readonly isErased: (uid: string | null) => boolean
  /** Something stays behind. */
  leftOut(path: string, reason: string): void
  /** An object or a document is back. */
  counted(): void
}

/** A principal that is filled, and not to be seen yet. */
export interface Staged {
  readonly folder: string
  readonly record: PrincipalRecord
  readonly id: PrincipalId
  readonly homes: ReadonlyMap<PrincipalRecord['homes'][number]['kind'], HomeId>
  readonly collections: StagedCollection[]
  /** Folders and files that have access control lists or links, and where they are. */
  readonly nodes: (Pick<NodeRecord, 'aces' | 'links' | 'path'> & { readonly id: NodeId })[]
  objects: number
  documents: number
}

export interface StagedCollection {
  readonly row: CollectionRow
  readonly record: CollectionRecord
}

export async function setProperties(
  tx: Writer,
  target: PropertyTarget,
  properties: readonly DeadProperty[],
): Promise<void> {
  for (const property of properties) {
    mustBeWhole(property)
    await setDeadProperty(tx, target, property)
  }
}

/** @throws TransferError */
export function mustBeWhole(property: DeadProperty): void {
  if (!isWhole(property))
    throw new TransferError(`The property ${property.name} is not the element that it says.`)
}

/** It is sent to clients as it stands: one that is cut off, or more than one, would be read as what the server says. */
function isWhole({ name, xml }: DeadProperty): boolean {
  try {
    return (
      xml.startsWith('<') && !/^<[?!]/.test(xml) && readXml(Buffer.from(xml), propertyLimits)?.name === name
    )
  } catch (error) {
    if (error instanceof XmlError) return false
    throw error
  }
}

const propertyLimits = { maxBytes: 33_554_432, maxDepth: 256, maxNodes: 1_000_000 }

/** The key of somebody among those that are made again. */
export const keyOfWho = ({ kind, name }: Who): string => `${kind} ${name}`

/** Who wrote a state, where he is made again too. */
export function authorOf({ people }: Restoring, author: Who | null): PrincipalId | null {
  return author === null ? null : (people.get(keyOfWho(author)) ?? null)
}

/** Whether an archive has a file, or should have it. */
export async function hasFile({ source, broken }: Restoring, path: string): Promise<boolean> {
  return broken.has(path) || (await source.has(path))
}

/** The kind of home that a kind of collection lives in. */
export function homeKindOf(kind: CollectionKind): 'calendars' | 'addressbooks' {
  return kind === 'calendar' ? 'calendars' : 'addressbooks'
}
