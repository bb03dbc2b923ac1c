import type { CollectionRow } from '../../../storage/collections.ts'
import { labelsOf, membersOf } from '../../../storage/lists/list-queries.ts'
import { findFace, findFaces, type ListFace } from '../../../storage/lists/list-rows.ts'
import type { ObjectRow } from '../../../storage/objects.ts'
import type { Reader } from '../../../storage/store.ts'

/** What a card says of lists. */
export interface Listed {
  readonly face: ListFace | undefined
  /** Of a person. */
  readonly labels: readonly string[]
  /** Of a group. */
  readonly members: readonly string[]
}

export const unlisted: Listed = { face: undefined, labels: [], members: [] }

/** What a stored card says of lists. */
export async function readListed(reader: Reader, { id }: Pick<ObjectRow, 'id'>): Promise<Listed> {
  const face = await findFace(reader, id)
  if (!face) return unlisted
  return face.kind === 'group'
    ? { face, labels: [], members: await membersOf(reader, id) }
    : { face, labels: await labelsOf(reader, id), members: [] }
}

/** What members are as lists of people. */
export async function listFaces(
  reader: Reader,
  { listsSince }: CollectionRow,
  members: readonly Pick<ObjectRow, 'id'>[],
): Promise<ReadonlyMap<ObjectRow['id'], ListFace>> {
  if (listsSince === null) return new Map()
  return findFaces(
    reader,
    members.map(({ id }) => id),
  )
}
