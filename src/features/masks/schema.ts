import { z } from 'zod'

const rules = z.array(z.string().min(1).max(200)).max(100)

/** What is hidden of cards; with `only`, all but that. */
export const writtenMask = z.strictObject({ hide: rules, only: rules.optional() })
