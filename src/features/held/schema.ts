import { z } from 'zod'

/** How a held edit is to be applied. */
export const application = z.strictObject({
  /** The `storedEtag` that the edit was shown with. */
  ifMatch: z.string().min(2).max(200).optional(),
  /** Put it in the place of what is there. */
  replace: z.boolean().default(false),
})
