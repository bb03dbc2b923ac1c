import { listThingRevisions, type ThingKindName } from '../../../storage/history/thing-revisions.ts'
import { findPrincipalById } from '../../../storage/principals.ts'
import { findTeamRole } from '../../../storage/roles/team-roles.ts'
import type { Reader } from '../../../storage/store.ts'
import { findMaskById } from '../../../storage/virtual/masks.ts'

/** What those are called who hold something; whoever is gone for good is not told. */
export async function toldHolders(reader: Reader, ids: readonly number[]): Promise<string> {
  return toldEach(ids, async (id) => {
    const row = await findPrincipalById(reader, id)
    return row && (row.displayName || row.name)
  })
}

/** What roles are called; those that are gone as they were. */
export function toldRoles(reader: Reader, ids: readonly number[]): Promise<string> {
  return toldEach(
    ids,
    async (id) => (await findTeamRole(reader, id))?.name ?? (await lastName(reader, 'role', id)),
  )
}

/** The same of masks. */
export function toldMasks(reader: Reader, ids: readonly number[]): Promise<string> {
  return toldEach(
    ids,
    async (id) => (await findMaskById(reader, id))?.name ?? (await lastName(reader, 'mask', id)),
  )
}

async function toldEach(
  ids: readonly number[],
  nameOf: (id: number) => Promise<string | undefined>,
): Promise<string> {
  const names: string[] = []
  for (const id of ids) {
    const name = await nameOf(id)
    if (name !== undefined) names.push(name)
  }
  return names.join(', ')
}

async function lastName(reader: Reader, kind: ThingKindName, id: number): Promise<string | undefined> {
  const [last] = await listThingRevisions(reader, { kind, key: String(id), ownerId: null }, { limit: 1 })
  const { name }: { readonly name?: unknown } = JSON.parse(last?.beforeJson ?? '{}')
  return typeof name === 'string' ? name : undefined
}
