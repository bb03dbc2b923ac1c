import { z } from 'zod'
import { pageOf, paging } from '../../../api/schema.ts'

const kind = z.enum(['user', 'group', 'room', 'resource'])

export const removedQuery = z.object({ ...paging, kind: kind.optional() })

/** An account, a group, a room or a resource that was removed, and can be brought back. */
export const removedPrincipal = z.object({
  /** Its number, by which it is brought back: another may have its name by now. */
  id: z.int(),
  kind,
  name: z.string(),
  displayName: z.string(),
  email: z.string().nullable(),
  removedAt: z.iso.datetime(),
  /** Who removed it; null for the command line, and for somebody who is gone. */
  removedBy: z.string().nullable(),
  /** When its time is over: then it is gone for good. */
  until: z.iso.datetime(),
})
export const removedPage = pageOf(removedPrincipal)

/** How somebody comes back. */
export const returning = z.strictObject({
  /** Another name, where his own is another's by now. */
  name: z.string().trim().min(1).max(200).optional(),
})
export const returned = z.object({ name: z.string(), kind })

/** Who is removed for good: his name, said once more. */
export const forGoodQuery = z.object({ name: z.string().trim().max(200).default('') })

/** Under which number something that was removed can be brought back; null where nothing does. */
export const gone = z.object({ removed: z.int().nullable() })
