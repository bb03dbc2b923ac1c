import { z } from 'zod'

/** What a route is about: a token has to be for that, with `read` or `write`. */
export const areas = ['people', 'calendars', 'files', 'sharing', 'account', 'admin'] as const
export type Area = (typeof areas)[number]

/** What a token may: `people:read`; who may write may read. */
export const tokenScope = z.enum(areas.flatMap((area) => [`${area}:read`, `${area}:write`] as const))
export type TokenScope = z.infer<typeof tokenScope>

/** What the query of a list has beside its filters: spread it into an object. A page has so many items at most. */
export const paging = {
  limit: z.coerce.number().int().min(1).max(500).default(50),
  /** `next` of the page before. */
  cursor: z.string().max(8_000).optional(),
}

/** A page of a list; `next` is the cursor of the following one, null on the last. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}

/** What is answered instead where something is refused. @see RFC 9457 §3 */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** A word for what is behind it, where a program may say it in another language. */
  reason: z.string().optional(),
  /** Each fault of the input: a pointer into the body (RFC 6901), or the name of a parameter. */
  errors: z
    .array(
      z.object({
        pointer: z.string().optional(),
        parameter: z.string().optional(),
        status: z.int().optional(),
        detail: z.string(),
      }),
    )
    .optional(),
})
