import { z } from 'zod'
import { pageOf } from '../../../api/schema.ts'

const time = z.iso.datetime()
const value = z.union([z.string(), z.number(), z.boolean()])

/** A setting as it is. */
export const setting = z.object({
  key: z.string(),
  /** Secrets are hidden. */
  value,
  /** What it is where nobody says anything. */
  default: value,
  /** Where it is said: what stands further on in this list counts more than what stands before. */
  from: z.enum(['default', 'page', 'file', 'environment', 'command']),
  /** What it is called in the environment. */
  variable: z.string(),
  /** How it is changed while the server runs; null where it is not. */
  change: z
    .object({
      kind: z.enum(['number', 'text', 'switch', 'choice']),
      least: z.number().nullable(),
      most: z.number().nullable(),
      choices: z.array(z.string()).nullable(),
    })
    .nullable(),
  /**
   * Why it is not: it is said where the server starts; it keeps the place safe; or it is for the settings file alone, since it
   * is read at the start, or hardly ever changed.
   */
  fixed: z.enum(['said', 'safety', 'file']).nullable(),
  /** When it was changed while the server ran, and by whom; null where it was not, or he is gone. */
  changedAt: time.nullable(),
  by: z.string().nullable(),
})
export const settingList = z.object({ settings: z.array(setting) })

/** What it is to be. */
export const newSetting = z.strictObject({ value })

/** Who has changed what: null for what the server starts with. */
export const settingLog = pageOf(
  z.object({
    id: z.int(),
    key: z.string(),
    before: value.nullable(),
    after: value.nullable(),
    by: z.string(),
    at: time,
  }),
)
