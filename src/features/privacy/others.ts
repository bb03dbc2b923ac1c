import { readContentLines } from '../../../protocol/text/content-lines.ts'
import { inList } from '../../../storage/database.ts'
import type { CollectionId, ObjectId, RevisionId } from '../../../storage/ids.ts'
import { findObjectsByIds, readTexts } from '../../../storage/objects.ts'
import { allPlacementsOf } from '../../../storage/people/parties.ts'
import { type Erased, eventsNaming } from '../../../storage/privacy/find-erased.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { relationRowsOf, saveRelation } from '../facts/relations.ts'
import type { Acting } from '../people/asking.ts'
import { mayWrite } from '../people/reach.ts'
import { storePatched } from '../store-patched.ts'
import { readObjectTexts } from '../texts.ts'

/** States of objects of others that are looked at together. */
const together = 100

/** Whom somebody knows does not know him any more: their cards say nothing of him. @returns the cards that may have said it */
export async function forgetRelations(tx: Writer, acting: Acting, { parties }: Erased): Promise<ObjectId[]> {
  const rows = await relationRowsOf(tx, parties)
  for (const row of rows) await saveRelation(tx, acting, row, undefined)
  const others = rows.flatMap(({ partyId, otherId }) => [partyId, otherId ?? 0])
  const cards = await allPlacementsOf(
    tx,
    others.filter((id) => id !== 0 && !parties.includes(id)),
  )
  return cards.map(({ objectId }) => objectId)
}

/** Takes somebody off the events of others that may be changed. @returns those that have named him */
export async function leaveEvents(
  tx: Writer,
  { reach, origin, settings }: Acting,
  { mails }: Erased,
): Promise<ObjectId[]> {
  const calendars = new Map(
    reach.calendars
      .filter((one) => mayWrite(one) && one.row.generated === null && one.row.source === null)
      .map(({ row }): [CollectionId, typeof row] => [row.id, row]),
  )
  const naming = (await eventsNaming(tx, mails)).filter(({ collectionId }) => calendars.has(collectionId))
  const ids = naming.map(({ objectId }) => objectId)
  const rows = await findObjectsByIds(tx, ids)
  const texts = await readObjectTexts(tx, rows)
  for (const existing of rows) {
    const [collection, text] = [calendars.get(existing.collectionId), texts.get(existing.id)]
    if (!collection || text === undefined) continue
    const patched = withoutAttendees(text, mails)
    await storePatched(tx, { collection, existing, text, patched }, { settings, origin })
  }
  return ids
}

/** Lines of attendees with one of these addresses are left out; all else stays byte for byte. @see RFC 5545 §3.8.4.1 */
export function withoutAttendees(text: string, mails: readonly string[]): string {
  let kept = ''
  let from = 0
  for (const line of readContentLines(text)) {
    if ('broken' in line || line.name !== 'ATTENDEE') continue
    const given = line.parameters.find(({ name }) => name === 'EMAIL')?.values ?? []
    const named = [line.value, ...given].map((value) =>
      value
        .trim()
        .toLowerCase()
        .replace(/^mailto:/, ''),
    )
    if (!named.some((mail) => mails.includes(mail))) continue
    kept += text.slice(from, line.start)
    from = line.end
  }
  return kept + text.slice(from)
}

/** Older states of these members that name somebody. */
export async function statesNaming(
  reader: Reader,
  objects: readonly ObjectId[],
  { mails, names }: Erased,
): Promise<RevisionId[]> {
  const words = [...mails, ...names].map((word) => word.toLowerCase()).filter((word) => word.length > 1)
  const found: RevisionId[] = []
  for (let at = 0; at < objects.length; at += together) {
    const rows = await reader.sql.all<{ id: RevisionId; bodyId: number | null; sentBodyId: number | null }>(
      `SELECT id, body_id AS "bodyId", sent_body_id AS "sentBodyId" FROM revisions
       WHERE ${inList(reader.sql.dialect, 'object_id', '$1', 'bigint')} ORDER BY id`,
      [objects.slice(at, at + together)],
    )
    const bodies = rows.flatMap(({ bodyId, sentBodyId }) => [bodyId ?? 0, sentBodyId ?? 0])
    const texts = await readTexts(reader, [...new Set(bodies)], { withMedia: false })
    const isNamed = (id: number | null): boolean => {
      const text = (texts.get(id ?? 0) ?? '').replace(/\r?\n[ \t]/g, '').toLowerCase()
      return words.some((word) => text.includes(word))
    }
    for (const { id, bodyId, sentBodyId } of rows) if (isNamed(bodyId) || isNamed(sentBodyId)) found.push(id)
  }
  return found
}
