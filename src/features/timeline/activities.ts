import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { ActivityId, PartyId, PrincipalId } from '../../../storage/ids.ts'
import type { Origin } from '../../../storage/origin.ts'
import { changeParty } from '../../../storage/people/parties.ts'
import { findPrincipalByName } from '../../../storage/principals.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import {
  type ActivityRow,
  addActivity,
  changeActivity,
  findActivity,
  mayReadActivity,
  mentionsOf,
  partiesOfActivities,
  removeActivity,
} from '../../../storage/timeline/activities.ts'
import { foldName } from '../../auth/basic.ts'
import type { Session } from '../../auth/session.ts'
import { recordFact } from '../history/history.ts'
import type { Asking } from '../people/asking.ts'
import { type SeenParty, seeParties } from '../people/parties.ts'
import type { Reach } from '../people/reach.ts'
import { findVisiblePrincipal } from '../rights/directory.ts'
import { askerOf } from '../rights/rights.ts'
import { forgetNote, indexNote } from '../search/note-document.ts'
import { announce, stateOf } from './announce.ts'
import { readRichText } from './rich-text.ts'

/** What is to be written down. */
export interface Wish {
  readonly kind: string
  readonly parties: readonly PartyId[]
  readonly at?: number | undefined
  readonly html: string
  readonly visibility: ActivityRow['visibility']
  /** The name of a group. */
  readonly team?: string | undefined
  readonly direction?: ActivityRow['direction'] | undefined
  readonly outcome?: string | null | undefined
  readonly minutes?: number | null | undefined
  readonly isPinned: boolean
}

/** Writes something down about people whom the caller sees. @throws refusal 422 */
export async function writeDown(
  tx: Writer,
  asking: Asking,
  wish: Wish,
  origin: Origin,
): Promise<ActivityRow> {
  const { html, text, mentions } = readRichText(wish.html)
  if (wish.kind === 'note' && text === '') throw refuseStatus(422, 'A note says something: give it a text.')
  const parties = await mustSee(tx, asking.reach, wish.parties)
  const mentioned = await mentionedIn(tx, asking.session, mentions)
  const made = {
    kind: wish.kind,
    at: wish.at ?? tx.now,
    authorId: asking.session.principal.id,
    ...(await audienceOf(tx, asking.session, wish)),
    html,
    text,
    direction: wish.direction ?? null,
    outcome: wish.outcome ?? null,
    minutes: wish.minutes ?? null,
    pinnedAt: wish.isPinned ? tx.now : null,
    objectId: null,
  }
  const id = await addActivity(tx, made, { parties, mentions: mentioned })
  const row = await mustExist(tx, id)
  await tell(tx, row, { parties, mentions: mentioned, mentionedBefore: [], before: undefined }, origin)
  return row
}

/** What is to be changed; what is undefined stays. */
export type ActivityPatch = { readonly [Key in keyof Omit<Wish, 'kind'>]?: Wish[Key] | undefined }

/** @throws refusal 403 for another's, 422 */
export async function rewrite(
  tx: Writer,
  asking: Asking,
  row: ActivityRow,
  patch: ActivityPatch,
  origin: Origin,
): Promise<ActivityRow> {
  mustBeMine(asking.session, row)
  const rich = patch.html === undefined ? undefined : readRichText(patch.html)
  const known = (await partiesOfActivities(tx, [row.id])).get(row.id) ?? []
  const parties = patch.parties ? await mustSee(tx, asking.reach, patch.parties) : known
  const named = rich?.mentions ?? readRichText(row.html).mentions
  const mentions = await mentionedIn(tx, asking.session, named)
  const hasAudience = patch.visibility !== undefined || patch.team !== undefined
  const audience = hasAudience
    ? await audienceOf(tx, asking.session, {
        visibility: patch.visibility ?? row.visibility,
        team: patch.team,
      })
    : { visibility: row.visibility, teamId: row.teamId }
  const pinned = patch.isPinned ?? row.pinnedAt !== null
  const changed: ActivityRow = {
    ...row,
    ...audience,
    at: patch.at ?? row.at,
    html: rich?.html ?? row.html,
    text: rich?.text ?? row.text,
    direction: patch.direction === undefined ? row.direction : patch.direction,
    outcome: patch.outcome === undefined ? row.outcome : patch.outcome,
    minutes: patch.minutes === undefined ? row.minutes : patch.minutes,
    pinnedAt: pinned ? (row.pinnedAt ?? tx.now) : null,
  }
  const mentionedBefore = (await mentionsOf(tx, [row.id])).get(row.id) ?? []
  await changeActivity(tx, changed, { parties, mentions })
  const after = await mustExist(tx, row.id)
  await tell(tx, after, { parties: union(known, parties), mentions, mentionedBefore, before: row }, origin)
  return after
}

/** @throws refusal 403 for another's */
export async function takeBack(
  tx: Writer,
  { session }: Asking,
  row: ActivityRow,
  origin: Origin,
): Promise<void> {
  mustBeMine(session, row)
  await letGo(tx, row, origin)
}

/** Takes away what has been kept long enough, whoever wrote it. */
export async function letGo(tx: Writer, row: ActivityRow, origin: Origin): Promise<void> {
  const parties = (await partiesOfActivities(tx, [row.id])).get(row.id) ?? []
  await tell(tx, undefined, { parties, mentions: [], mentionedBefore: [], before: row }, origin)
  await removeActivity(tx, row.id)
}

/** Something that the caller may see, about somebody whom he sees; undefined for all else, whether or not it is there. */
export async function findVisible(
  reader: Reader,
  { session, reach }: Asking,
  id: ActivityId,
): Promise<ActivityRow | undefined> {
  const row = await findActivity(reader, id)
  if (!row || !mayReadActivity(row, await readerOf(reader, session))) return undefined
  const parties = (await partiesOfActivities(reader, [id])).get(id) ?? []
  return (await seeParties(reader, reach, parties)).size > 0 ? row : undefined
}

/** Who asks, for what is somebody's or a team's alone. */
export async function readerOf(reader: Reader, session: Session) {
  const { principals } = await askerOf(reader, session)
  return { principalId: session.principal.id, principals }
}

function mustBeMine({ principal }: Session, { authorId }: ActivityRow): void {
  if (authorId !== principal.id) throw refuseStatus(403, 'Only whoever wrote this may change it.')
}

async function mustExist(reader: Reader, id: ActivityId): Promise<ActivityRow> {
  const row = await findActivity(reader, id)
  if (!row) throw new Error('What was written down is not there.')
  return row
}

/** @throws refusal 422, the same for those who are not there and those whom he does not see */
async function mustSee(reader: Reader, reach: Reach, ids: readonly PartyId[]): Promise<PartyId[]> {
  const seen: ReadonlyMap<PartyId, SeenParty> = await seeParties(reader, reach, ids)
  const missing = ids.find((id) => !seen.has(id))
  if (missing !== undefined) throw refuseStatus(422, `There is nobody with the id ${missing}.`)
  return [...new Set(ids)]
}

/** @throws refusal 422 for a team that the caller is not in */
async function audienceOf(
  reader: Reader,
  session: Session,
  { visibility, team }: Pick<Wish, 'visibility' | 'team'>,
): Promise<Pick<ActivityRow, 'visibility' | 'teamId'>> {
  if (visibility !== 'team') return { visibility, teamId: null }
  if (team === undefined) throw refuseStatus(422, 'Say which team is to see it.')
  const group = await findPrincipalByName(reader, foldName(team))
  const { principals } = await askerOf(reader, session)
  if (group?.kind !== 'group' || !principals.has(group.id))
    throw refuseStatus(422, `You are in no team "${team}".`)
  return { visibility, teamId: group.id }
}

/** The people and the groups who are mentioned, and whom the caller may see. */
async function mentionedIn(
  reader: Reader,
  session: Session,
  names: readonly string[],
): Promise<PrincipalId[]> {
  const found = new Set<PrincipalId>()
  for (const name of names) {
    const principal = await findPrincipalByName(reader, foldName(name))
    const seen = principal && (await findVisiblePrincipal(reader, session, principal.segment))
    if (seen) found.add(seen.id)
  }
  return [...found]
}

interface Told {
  readonly parties: readonly PartyId[]
  readonly mentions: readonly PrincipalId[]
  readonly mentionedBefore: readonly PrincipalId[]
  readonly before: ActivityRow | undefined
}

/** Everything that hears of it: the history, the log of events, whoever is mentioned and sees it. */
async function tell(
  tx: Writer,
  after: ActivityRow | undefined,
  { parties, mentions, mentionedBefore, before }: Told,
  origin: Origin,
): Promise<void> {
  const row = after ?? before
  const [first, ...others] = parties
  if (!row || first === undefined) return
  for (const id of parties) await changeParty(tx, id)
  if (after) await indexNote(tx, after, parties)
  else await forgetNote(tx, row)
  const change = {
    kind: 'activity',
    key: row.id,
    before: stateOf(before, parties),
    after: stateOf(after, parties),
  }
  await recordFact(tx, { partyId: first, otherId: others[0], ...change }, origin)
  await announce(tx, { before, after, parties, mentions, mentionedBefore }, origin)
}

function union(one: readonly number[], other: readonly number[]): number[] {
  return [...new Set([...one, ...other])]
}
