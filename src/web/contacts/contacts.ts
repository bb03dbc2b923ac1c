import type { z } from 'zod'
import type { partyItem } from '../../features/facts/schema.ts'

/** A row of the list of people and companies. */
export type PartyItem = z.infer<typeof partyItem>
