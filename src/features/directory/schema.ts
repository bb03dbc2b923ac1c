import { z } from 'zod'

/** Whether one wants the directory of colleagues as an address book. */
export const directoryChange = z.strictObject({ shown: z.boolean() })
