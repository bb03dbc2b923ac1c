import { z } from 'zod'

/** How often the caller wants to be in touch with somebody. */
export const newCadence = z.strictObject({ everyDays: z.int().min(1).max(3_650) })

export const cadence = z.object({
  party: z.int(),
  /** Empty where the caller does not see the person any more. */
  name: z.string(),
  everyDays: z.int(),
  /** The last real contact: a call, a visit, a meeting that took place, a task of this that was done. */
  lastAt: z.iso.datetime().nullable(),
  dueAt: z.iso.datetime(),
  isDue: z.boolean(),
  /** The to-do that reminds of it. */
  task: z.int().nullable(),
})
