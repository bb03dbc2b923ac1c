import { z } from 'zod'
import { fieldOptions, fieldTypes } from '../fields/schema.ts'

/** Whether older states and the trash go along. */
export const accountExport = z.object({ history: z.enum(['0', '1']).default('0') })

/** The form of the file: its usual one without a format; a version is that of vCards. */
export const collectionExport = z.object({
  format: z.string().max(20).optional(),
  version: z.string().max(10).optional(),
  /** Whether what stands in fields goes along: in a table without asking. */
  fields: z.enum(['0', '1']).optional(),
})

/** A field that is defined for a column of a table; without a label it is called as the column is. */
export const newColumnField = z.strictObject({
  label: z.string().trim().min(1).max(100).optional(),
  type: z.enum(fieldTypes),
  options: fieldOptions.default({}),
  /** Of the address book that cards go to; else it is everybody's. */
  isOfBook: z.boolean().default(false),
})
