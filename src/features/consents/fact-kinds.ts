import { z } from 'zod'
import { findFact } from '../../../storage/facts/fact-rows.ts'
import { type ConsentRow, consentTable } from '../../../storage/facts/tables.ts'
import { setFact } from '../facts/row-facts.ts'
import type { FactKind } from '../history/fact-kinds.ts'
import { mustWrite } from '../people/asking.ts'
import { consents, consentsOf } from './consents.ts'

const state = z.object({
  ...{ id: z.int(), channel: z.string(), purpose: z.string(), purposeKey: z.string() },
  state: z.enum(['given', 'refused', 'withdrawn']),
  ...{ source: z.string(), givenOn: z.string(), expiresOn: z.string().nullable(), note: z.string() },
  evidenceKind: z.enum(['document', 'activity', 'event']).nullable(),
  evidenceId: z.int().nullable(),
})

/** Consents in the history: each can be brought back; where another is in its place, that one is changed. */
export const consentFact: FactKind = {
  kind: 'consent',
  label: 'consent',
  restore: async (tx, { partyId, key, before, reach, origin }) => {
    const party = (await mustWrite(tx, { reach }, partyId)).row.id
    const wanted = before && { ...state.parse(before), partyId: party }
    const rows = await consentsOf(tx, party)
    const twin = rows.find(
      ({ channel, purposeKey }) => channel === wanted?.channel && purposeKey === wanted.purposeKey,
    )
    const now = twin ?? (await findFact<ConsentRow>(tx, consentTable, Number(key)))
    if (now && now.partyId !== party) return
    await setFact(tx, consents, now, wanted && { ...wanted, id: now?.id ?? wanted.id }, origin)
  },
}
