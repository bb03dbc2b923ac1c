import { z } from 'zod'

/** Whether one wants the directory of colleagues as an address book. */
export const directoryChange = z.strictObject({ shown: z.boolean() })

/** Whether the settings offer it, whether one has it, and what it is called in its URL once it is made. */
export const directoryState = z.object({
  offered: z.boolean(),
  shown: z.boolean(),
  name: z.string().nullable(),
})
