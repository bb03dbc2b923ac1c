import type { z } from 'zod'
import type { maskList } from '../../../features/masks/schema.ts'
import type { teamRoleList } from '../../../features/team/schema.ts'
import type { RemovedThing } from '../../things/thing.ts'

export type Roles = z.infer<typeof teamRoleList>
export type Role = Roles['roles'][number]
export type Capability = Role['capabilities'][number]
export type MaskList = z.infer<typeof maskList>
export type Mask = MaskList['masks'][number]

/** Where the API has a role. */
export const pathOfRole = (id: number): string => `/team-roles/${id}`
export const pathOfMask = (name: string): string => `/masks/${encodeURIComponent(name)}`

/** What shows roles, and masks, and what they let one do. */
export const shownWithRoles = [['admin'], ['capabilities']]

/** A role or a mask that was removed. */
export function removedAs(
  kind: 'role' | 'mask',
  { id, name, revision, at, author }: Roles['removed'][number],
): RemovedThing {
  const path = kind === 'role' ? pathOfRole(id) : pathOfMask(name)
  return { thing: { kind, path, name }, revision, request: undefined, at, author }
}

/** What a role may let somebody do; the schema is not in the browser, and its type holds this whole. */
const known: Readonly<Record<Capability, true>> = {
  administer: true,
  'define-fields': true,
  'define-labels': true,
  merge: true,
  import: true,
  export: true,
  erase: true,
}
export const capabilities = Object.keys(known) as readonly Capability[]
