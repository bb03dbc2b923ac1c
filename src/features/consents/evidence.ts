import { findObjectsByIds } from '../../../storage/objects.ts'
import type { Reader } from '../../../storage/store.ts'
import { findActivities, mayReadActivity, partiesOfActivities } from '../../../storage/timeline/activities.ts'
import { readableNodes } from '../documents/readable-nodes.ts'
import type { Asking } from '../people/asking.ts'
import { seeParties } from '../people/parties.ts'
import { askerOf } from '../rights/rights.ts'
import type { Evidence } from './consents.ts'

/** Which of these somebody reads: the others are not there for him. */
export async function readableEvidence(
  reader: Reader,
  asking: Asking,
  all: readonly Evidence[],
): Promise<(evidence: Evidence) => boolean> {
  const idsOf = (kind: Evidence['kind']): number[] =>
    all.flatMap((one) => (one.kind === kind ? [one.id] : []))
  const readable = {
    document: new Set((await readableNodes(reader, asking.session, idsOf('document'))).keys()),
    activity: await readableActivities(reader, asking, idsOf('activity')),
    event: await readableEvents(reader, asking, idsOf('event')),
  }
  return ({ kind, id }) => readable[kind].has(id)
}

async function readableActivities(
  reader: Reader,
  { session, reach }: Asking,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  if (ids.length === 0) return new Set()
  const about = await partiesOfActivities(reader, ids)
  const seen = await seeParties(reader, reach, [...new Set([...about.values()].flat())])
  const { principals } = await askerOf(reader, session)
  const who = { principalId: session.principal.id, principals }
  const found = [...(await findActivities(reader, ids)).values()].filter(
    (row) => mayReadActivity(row, who) && (about.get(row.id) ?? []).some((id) => seen.has(id)),
  )
  return new Set(found.map(({ id }) => id))
}

async function readableEvents(
  reader: Reader,
  { reach }: Asking,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  if (ids.length === 0) return new Set()
  const calendars = new Set(reach.calendars.map(({ row }) => row.id))
  const found = (await findObjectsByIds(reader, ids)).filter((row) => calendars.has(row.collectionId))
  return new Set(found.map(({ id }) => id))
}
