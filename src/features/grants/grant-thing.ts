import { z } from 'zod'
import { findCollectionById } from '../../../storage/collections.ts'
import { findGrant, type GrantRow } from '../../../storage/grants/grants.ts'
import { rekeyThing } from '../../../storage/history/thing-revisions.ts'
import { findLivingPrincipal, findPrincipalById } from '../../../storage/principals.ts'
import { findSmartList } from '../../../storage/smart-lists/lists.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { ThingKind, ThingRestore } from '../history/things/kinds.ts'
import { readState, type ThingState } from '../history/things/record.ts'
import { writtenMask } from '../masks/schema.ts'
import { notThere } from '../people/asking.ts'
import { seeParties } from '../people/parties.ts'
import { reachOf } from '../people/reach.ts'
import { changeGiven, type GrantPatch, give, revoke } from './grants.ts'
import { ownBook, ownList, ownParty } from './own.ts'

/** What somebody shares of people, in the history: with whom, and what is seen and done of it. */
export const grantThing: ThingKind = {
  kind: 'grant',
  areas: ['sharing'],
  find: async (_reader, { principal }, name) => {
    if (!/^\d{1,15}$/.test(name)) throw notThere()
    return { kind: 'grant', key: String(Number(name)), ownerId: principal.id }
  },
  isThere: async (reader, { principal }, { key }) =>
    (await findGrant(reader, Number(key)))?.giverId === principal.id,
  isShown: async (_reader, { principal }, { ownerId }) => ownerId === principal.id,
  told,
  patch: async (tx, restore) => {
    const { session, state } = restore
    await changeGiven(tx, session.principal, await mustFind(tx, restore), patchOf(state), restore)
  },
  make,
  remove: async (tx, restore) => revoke(tx, restore.session.principal, await mustFind(tx, restore), restore),
}

async function told(
  reader: Reader,
  property: string,
  value: unknown,
  { kind }: ThingState,
  session: Session,
): Promise<string | undefined> {
  if (value === null || value === undefined) return undefined
  if (property === 'receiver') {
    const receiver = await findPrincipalById(reader, Number(value))
    return receiver && (receiver.displayName || receiver.name)
  }
  if (property === 'party') {
    const id = z.int().parse(value)
    return (await seeParties(reader, await reachOf(reader, session), [id])).get(id)?.placements[0].name
  }
  if (property === 'source' && kind === 'list') return (await findSmartList(reader, Number(value)))?.name
  if (property === 'source') {
    const book = await findCollectionById(reader, Number(value))
    return book && (book.displayname ?? book.name)
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

async function mustFind(tx: Writer, { session, key }: ThingRestore): Promise<GrantRow> {
  const row = await findGrant(tx, Number(key))
  if (row?.giverId !== session.principal.id) throw notThere()
  return row
}

const states = z.object({
  ...{ receiver: z.int(), kind: z.enum(['person', 'label', 'list', 'book']) },
  ...{ party: z.int().nullable(), source: z.int().nullable(), label: z.string().nullable() },
})
const patches = z
  .object({
    access: z.enum(['read', 'read-write']),
    masks: z.array(writtenMask),
    name: z.string().nullable(),
  })
  .partial()

function patchOf(state: ThingState): GrantPatch {
  const { access, masks, name } = readState(patches, state)
  return { ...(access && { access }), ...(masks && { masks }), ...(name !== undefined && { name }) }
}

/** What is shared has to be the giver's own still. */
async function make(tx: Writer, restore: ThingRestore): Promise<void> {
  const { session, key, state } = restore
  const { receiver: receiverId, kind, party, source, label } = readState(states, state)
  const receiver = await findLivingPrincipal(tx, receiverId)
  if (!receiver) throw notThere()
  const partyId = party === null ? null : await ownParty(tx, session, party)
  const sourceId = source === null ? null : await ownSource(tx, session, kind, source)
  const giving = { giver: session.principal, receiver, kind, partyId, sourceId, label }
  const id = await give(tx, giving, patchOf(state), restore)
  await rekeyThing(tx, { kind: 'grant', key, ownerId: session.principal.id }, String(id))
}

async function ownSource(tx: Writer, session: Session, kind: GrantRow['kind'], id: number): Promise<number> {
  if (kind === 'list') return ownList(tx, session, id)
  const book = await findCollectionById(tx, id)
  if (book?.principalId !== session.principal.id) throw notThere()
  return ownBook(tx, session, book.name)
}
