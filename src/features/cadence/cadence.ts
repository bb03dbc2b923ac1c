import { findObjectById } from '../../../storage/objects.ts'
import { findLivingPrincipal } from '../../../storage/principals.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import {
  type CadenceRow,
  changeCadence,
  findCadence,
  lastContact,
} from '../../../storage/timeline/cadences.ts'
import { addLink, lastMeeting } from '../../../storage/timeline/links.ts'
import { actingFor, type Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { findParty, type SeenParty } from '../people/parties.ts'
import { type Reach, reachOf } from '../people/reach.ts'
import { seenMails } from '../people/veil.ts'
import { storePatched } from '../store-patched.ts'
import { readObjectTexts } from '../texts.ts'
import { makeTask } from '../timeline/links.ts'
import { completeTask } from './task-text.ts'
import { reminderIn } from './words.ts'

export const cadenceJob = 'keep-in-touch'

const dayMs = 86_400_000

/** A cadence, and how it stands. */
export interface Standing {
  readonly row: CadenceRow
  readonly party: SeenParty | undefined
  readonly lastAt: number | undefined
  /** When the next contact is due: counted from the last real one. */
  readonly dueAt: number
}

/** How a cadence stands for whoever has it, by what he sees. */
export async function standingOf(
  reader: Reader,
  session: Session,
  reach: Reach,
  row: CadenceRow,
  now: number,
): Promise<Standing> {
  const party = await findParty(reader, reach, row.partyId)
  const lastAt = party && (await lastReal(reader, session, reach, party, now))
  return { row, party, lastAt, dueAt: Math.max(lastAt ?? 0, row.beganAt) + row.everyDays * dayMs }
}

/** The last call, visit or touch, or meeting that took place: not a note, and nothing that is still to be. */
async function lastReal(
  reader: Reader,
  { principal }: Session,
  reach: Reach,
  { row, placements }: SeenParty,
  now: number,
): Promise<number | undefined> {
  const spoken = await lastContact(reader, { partyId: row.id, principalId: principal.id })
  const own = reach.calendars.filter((calendar) => calendar.row.principalId === principal.id)
  const mails = (await seenMails(reader, reach, placements)).get(row.id) ?? []
  const concerned = { parties: [row.id], mails, calendars: own.map((calendar) => calendar.row.id) }
  const met = await lastMeeting(reader, concerned, now)
  return spoken === undefined || met === undefined ? (spoken ?? met) : Math.max(spoken, met)
}

/**
 * Makes the to-do of a cadence that is due, and completes one that a contact has made needless. Nothing else of its list is
 * touched.
 */
export async function remind(
  tx: Writer,
  cadence: Pick<CadenceRow, 'partyId' | 'principalId'>,
  { settings, newId }: Pick<Services, 'settings' | 'newId'>,
): Promise<void> {
  const row = await findCadence(tx, cadence.partyId, cadence.principalId)
  const principal = row && (await findLivingPrincipal(tx, row.principalId))
  if (!row || !principal) return
  const session = actingFor(principal, settings)
  const reach = await reachOf(tx, session)
  const { party, lastAt, dueAt } = await standingOf(tx, session, reach, row, tx.now)
  if (!party) return
  const origin = { kind: 'job', requestId: newId() } as const
  if (row.taskId !== null) {
    const isDone = lastAt !== undefined && row.taskAt !== null && lastAt > row.taskAt
    if (!isDone) return
    await complete(tx, reach, row.taskId, { settings, origin })
    return changeCadence(tx, { ...row, taskId: null, taskAt: null })
  }
  if (dueAt > tx.now || !reach.calendars.some(({ row: { principalId } }) => principalId === principal.id))
    return
  const summary = reminderIn(principal.language ?? settings.birthdays.language, party.placements[0].name)
  const due = new Date(tx.now).toISOString().slice(0, 10)
  const asking = { session, reach }
  const { objectId } = await makeTask(tx, asking, { summary, due }, { settings, newId, origin })
  await addLink(tx, { partyId: row.partyId, kind: 'object', targetId: objectId, authorId: principal.id })
  await changeCadence(tx, { ...row, taskId: objectId, taskAt: tx.now })
}

async function complete(
  tx: Writer,
  { calendars }: Reach,
  taskId: number,
  { settings, origin }: Pick<Services, 'settings'> & { readonly origin: { readonly kind: 'job' } },
): Promise<void> {
  const task = await findObjectById(tx, taskId)
  const calendar = calendars.find(({ row }) => row.id === task?.collectionId)
  const text = task && (await readObjectTexts(tx, [task])).get(task.id)
  if (!task || !calendar || text === undefined) return
  const change = { collection: calendar.row, existing: task, text, patched: completeTask(text, tx.now) }
  await storePatched(tx, change, { settings, origin })
}
