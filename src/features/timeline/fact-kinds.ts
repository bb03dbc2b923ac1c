import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { belongingsOf } from '../../../storage/groups.ts'
import { type FactRevisionRow, lastFactStates } from '../../../storage/history/fact-revisions.ts'
import type { PartyId } from '../../../storage/ids.ts'
import { changeParty, findParties } from '../../../storage/people/parties.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import {
  type ActivityRow,
  addActivity,
  changeActivity,
  findActivities,
  findActivity,
  mayReadActivity,
  mentionsOf,
  type NewActivity,
  partiesOfActivities,
  removeActivity,
} from '../../../storage/timeline/activities.ts'
import { addLink, linksOfTargets, removeLink } from '../../../storage/timeline/links.ts'
import type { Session } from '../../auth/session.ts'
import type { FactKind, FactRestore } from '../history/fact-kinds.ts'
import { type FactState, recordFact } from '../history/history.ts'
import { forgetNote, indexNote } from '../search/note-document.ts'
import { readerOf } from './activities.ts'
import { announce, stateOf } from './announce.ts'

/**
 * Notes, calls and visits in the history: what is not for everybody is shown to its author alone, and of what is not for
 * everybody any more nobody else is shown that it was.
 */
export const activityFact: FactKind = {
  kind: 'activity',
  label: 'note, call or visit',
  isShown: ({ principal }, states) => {
    const seen = [states.before, states.after].filter((state) => state !== undefined)
    return seen.every(({ visibility, authorId }) => visibility === 'public' || authorId === principal.id)
  },
  closedTo,
  restore: restoreActivity,
}

/** Those that the caller may not read, by what they are now; of what is gone, by what it was at last. */
async function closedTo(
  reader: Reader,
  session: Session,
  revisions: readonly FactRevisionRow[],
): Promise<ReadonlySet<string>> {
  const keys = [...new Set(revisions.map(({ key }) => key))]
  const living = await findActivities(reader, keys.map(Number))
  const gone = revisions.filter(({ key }) => !living.has(Number(key)))
  const last = await lastFactStates(reader, 'activity', gone)
  const asking = await readerOf(reader, session)
  const isClosed = (key: string): boolean => {
    const row = living.get(Number(key)) ?? (last.get(key) as ActivityRow | undefined)
    return row !== undefined && !mayReadActivity(row, asking)
  }
  return new Set(keys.filter(isClosed))
}

/** Links in the history. */
export const linkFact: FactKind = { kind: 'link', label: 'link', restore: restoreLink }

/** What is taken away comes back under the number that it had: whoever may not see it by then is shown nothing of what it was. */
async function restoreActivity(tx: Writer, restore: FactRestore): Promise<void> {
  const { before, session, origin } = restore
  const now = await findActivity(tx, Number(restore.key))
  if (now && now.authorId !== session.principal.id)
    throw refuseStatus(403, 'Only whoever wrote this may change it.')
  const about = now ? ((await partiesOfActivities(tx, [now.id])).get(now.id) ?? []) : []
  if (before === undefined) {
    if (!now) return
    await removeActivity(tx, now.id)
    await forgetNote(tx, now)
    await told(tx, { restore, key: now.id, parties: about, before: stateOf(now, about), after: undefined })
    const gone = { before: now, after: undefined, parties: about, mentions: [], mentionedBefore: [] }
    return announce(tx, gone, origin)
  }
  if (before.authorId !== session.principal.id)
    throw refuseStatus(403, 'Only whoever wrote this may bring it back.')
  const parties = await living(tx, before)
  const state = before as unknown as NewActivity
  const { principals } = await belongingsOf(tx, session.principal.id)
  if (state.visibility === 'team' && !(state.teamId !== null && principals.has(state.teamId)))
    throw refuseStatus(409, 'You are no longer in the team that it was for.')
  const mentions = now ? ((await mentionsOf(tx, [now.id])).get(now.id) ?? []) : []
  const fresh = { ...state, objectId: null }
  const id = now ? now.id : await addActivity(tx, fresh, { parties, mentions }, Number(restore.key))
  if (now) await changeActivity(tx, { ...now, ...state, id, version: now.version }, { parties, mentions })
  const after = await findActivity(tx, id)
  if (after) await indexNote(tx, after, parties)
  await told(tx, {
    restore,
    key: id,
    parties,
    before: stateOf(now, about),
    after: stateOf(after, parties),
  })
  const all = [...new Set([...about, ...parties])]
  await announce(
    tx,
    { before: now, after, parties: all, mentions, mentionedBefore: now ? mentions : [] },
    origin,
  )
}

interface Told {
  readonly restore: FactRestore
  readonly key: number
  readonly parties: readonly PartyId[]
  readonly before: FactState | undefined
  readonly after: FactState | undefined
}

async function told(tx: Writer, { restore, key, parties, before, after }: Told): Promise<void> {
  const [partyId = restore.partyId, otherId] = parties
  for (const id of parties) await changeParty(tx, id)
  await recordFact(tx, { partyId, otherId, kind: 'activity', key, before, after }, restore.origin)
}

/** Those whom it was about, and who are still there. */
async function living(tx: Writer, { parties }: FactState): Promise<PartyId[]> {
  const ids = Array.isArray(parties) ? parties.filter((id): id is number => typeof id === 'number') : []
  const found = [...(await findParties(tx, ids)).keys()]
  if (found.length === 0) throw refuseStatus(409, 'Those whom it was about are not there any more.')
  return found
}

async function restoreLink(tx: Writer, { partyId, key, before, origin }: FactRestore): Promise<void> {
  const [kind, target = ''] = key.split(' ')
  if (kind !== 'object' && kind !== 'node') throw refuseStatus(409, 'It cannot be tied any more.')
  const targetId = Number(target)
  const now = (await linksOfTargets(tx, kind, [targetId])).find((link) => link.partyId === partyId)
  const state = { kind, target: targetId }
  if ((now === undefined) === (before === undefined)) return
  if (now) await removeLink(tx, now.id)
  else await addLink(tx, { partyId, kind, targetId, authorId: origin.authorId ?? null })
  await changeParty(tx, partyId)
  const [was, is] = now ? [state, undefined] : [undefined, state]
  await recordFact(tx, { partyId, kind: 'link', key, before: was, after: is }, origin)
}
