import { z } from 'zod'

/** One change, as it would be a request of its own. */
const operation = z.strictObject({
  method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']),
  /** Below /api, such as `/shares/7`. */
  path: z.string().startsWith('/').max(4_000),
  body: z.unknown().optional(),
  ifMatch: z.string().max(1_000).optional(),
})

/** Several changes in one write. */
export const bulk = z.strictObject({
  /** All or none; or each by itself, so that the others are done where one is refused. */
  mode: z.enum(['all', 'each']).default('all'),
  operations: z.array(operation).min(1),
})

/** What became of each, in their order; a body is what the route answers, or a problem. */
export const bulkResults = z.object({
  results: z.array(z.object({ status: z.int(), etag: z.string().optional(), body: z.unknown().optional() })),
})
