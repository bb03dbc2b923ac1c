import { z } from 'zod'
import { findPrincipalsByIds } from '../../../storage/principals.ts'
import { findErasure, listErasures } from '../../../storage/privacy/erasures.ts'
import type { Reader } from '../../../storage/store.ts'
import { page, readCursor } from '../../api/cursor.ts'
import { look, originOf, type Route, work } from '../../api/route.ts'
import { pageOf, paging } from '../../api/schema.ts'
import { mustFindParty, notThere } from '../people/asking.ts'
import { mustMay } from '../team/team-roles.ts'
import { eraseParty, previewErasure } from './erase.ts'
import { isGenuine, type Proof, proofKeys, proofOf } from './proof.ts'
import { erasurePreview, erasureProof, erasureRequest } from './schema.ts'

const scope = 'people'
const cursorShape = z.tuple([z.int()])

/** Erasing people, and the proofs of it. */
export const privacyRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/parties/:id/erasure', summary: 'What erasing somebody would take away', scope },
    { reply: erasurePreview },
    (call) =>
      call.store.read(async (reader) => {
        const { party } = await mustFindParty(reader, call)
        await mustMay(reader, call.session, 'erase')
        const { goes, stays, token } = await previewErasure(reader, party.row.id)
        return { body: { goes, stays, token } }
      }),
  ),
  work(
    {
      ...{ method: 'POST', path: '/parties/:id/erase', scope, affects: 'cards' },
      summary: 'Erase somebody, everywhere and for good',
    },
    { body: erasureRequest, reply: erasureProof },
    async (call) => {
      const { session, store, body } = call
      const partyId = await store.read(async (reader) => {
        const { party } = await mustFindParty(reader, call)
        await mustMay(reader, session, 'erase')
        return party.row.id
      })
      const wish = { partyId, session, origin: originOf(call), reason: 'request', ...body } as const
      const proof = await eraseParty(call, wish)
      return { body: await store.read((reader) => shown(reader, proof)) }
    },
  ),
  look(
    { method: 'GET', path: '/erasures', summary: 'That people were erased, and the proofs', scope: 'admin' },
    { query: z.object(paging), reply: pageOf(erasureProof) },
    (call) =>
      call.store.read(async (reader) => {
        await mustMay(reader, call.session, 'erase')
        const { limit, cursor } = call.query
        const after = readCursor(cursor, cursorShape)?.[0] ?? 0
        const rows = await listErasures(reader, { after, limit: limit + 1 })
        const proofs = new Map<number, Awaited<ReturnType<typeof shown>>>()
        for (const row of rows.slice(0, limit))
          proofs.set(row.id, await shown(reader, await proofOf(reader, row)))
        const one = (row: { readonly id: number }) => {
          const proof = proofs.get(row.id)
          if (!proof) throw new Error('The proof was not read.')
          return proof
        }
        return { body: page(rows, limit, { keyOf: ({ id }) => [id], shown: one }) }
      }),
  ),
  look(
    { method: 'GET', path: '/erasures/:id', summary: 'One proof that somebody was erased', scope: 'admin' },
    { reply: erasureProof },
    (call) =>
      call.store.read(async (reader) => {
        await mustMay(reader, call.session, 'erase')
        const row = await findErasure(reader, call.params.id ?? '')
        if (!row) throw notThere()
        return { body: await shown(reader, await proofOf(reader, row)) }
      }),
  ),
]

async function shown(reader: Reader, proof: Proof) {
  const { proofId: id, at, authorId, reason, counts, marks, signature } = proof
  const [author] = authorId === null ? [] : await findPrincipalsByIds(reader, [authorId])
  return {
    ...{ id, reason, signature, marks },
    at: new Date(at).toISOString(),
    by: author?.name ?? null,
    counts: JSON.parse(counts) as Record<string, number>,
    isGenuine: isGenuine(await proofKeys(reader), proof),
  }
}
