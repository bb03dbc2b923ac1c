import { z } from 'zod'

/** Whether older states and the trash go along. */
export const accountExport = z.object({ history: z.enum(['0', '1']).default('0') })

/** The form of the file: its usual one without a format; a version is that of vCards. */
export const collectionExport = z.object({
  format: z.string().max(20).optional(),
  version: z.string().max(10).optional(),
  /** Whether what stands in fields goes along: in a table without asking. */
  fields: z.enum(['0', '1']).optional(),
})
