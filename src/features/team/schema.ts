import { z } from 'zod'
import { removedThing } from '../history/schema.ts'

/** What a role may let somebody do, beside reading and writing, which sharing decides. */
export const capabilities = [
  'administer',
  'define-fields',
  'define-labels',
  'merge',
  'import',
  'export',
  'erase',
] as const
export type Capability = (typeof capabilities)[number]

const capability = z.enum(capabilities)
const name = z.string().trim().min(1).max(100)

/** A role that is to be made. */
export const newTeamRole = z.strictObject({
  name,
  capabilities: z.array(capability).max(capabilities.length),
  /** Names of masks: whoever holds the role sees cards in books of others through them. */
  masks: z.array(name).max(20).optional(),
})

/** What can be changed of one; the name of a built-in one stays. */
export const teamRoleChange = newTeamRole.partial()

/** A role, with who holds it. */
export const teamRole = z.object({
  id: z.int(),
  name: z.string(),
  capabilities: z.array(capability),
  masks: z.array(z.string()),
  /** `everyone` is held by everybody, `administrators` is there from the start. */
  builtIn: z.enum(['everyone', 'administrators']).nullable(),
  holders: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['user', 'group', 'room', 'resource']),
      displayName: z.string(),
    }),
  ),
})
export const teamRoleList = z.object({
  roles: z.array(teamRole),
  /** Those that were removed lately, and can come back. */
  removed: z.array(removedThing),
})

/** Who is to hold a role: a user or a group, by name. */
export const newHolder = z.strictObject({ name: z.string().min(1).max(500) })

/** What the caller may do. */
export const ownCapabilities = z.object({ capabilities: z.array(capability), roles: z.array(z.string()) })
