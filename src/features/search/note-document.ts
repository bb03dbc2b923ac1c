import type { PartyId } from '../../../storage/ids.ts'
import { dropDocument, indexDocument } from '../../../storage/search/documents.ts'
import { bookOwnerOf } from '../../../storage/search/note-places.ts'
import { type Scope, scopeOf } from '../../../storage/search/scopes.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { ActivityRow } from '../../../storage/timeline/activities.ts'
import { searchText } from './document.ts'

/** Letters of a note that it is shown by. */
const titleLetters = 80

/** Has a note, or what was said of a call or a visit, found by its text. */
export async function indexNote(tx: Writer, row: ActivityRow, parties: readonly PartyId[]): Promise<void> {
  const source = { source: 'note', sourceId: row.id } as const
  const [partyId] = parties
  const scope = row.text === '' || partyId === undefined ? undefined : await scopeOfNote(tx, row, partyId)
  if (scope === undefined) return dropDocument(tx, source)
  const title = row.text.replace(/\s+/g, ' ').trim().slice(0, titleLetters)
  const text = searchText('note', title, [{ field: 'note', text: row.text }])
  await indexDocument(tx, source, { scope, partyId }, text)
}

export function forgetNote(tx: Writer, { id }: Pick<ActivityRow, 'id'>): Promise<void> {
  return dropDocument(tx, { source: 'note', sourceId: id })
}

/** Where those look who may see it; whether they do see somebody it is about, is asked when it is found. */
async function scopeOfNote(
  reader: Reader,
  { visibility, authorId, teamId }: ActivityRow,
  partyId: PartyId,
): Promise<Scope | undefined> {
  if (visibility === 'private') return authorId === null ? undefined : scopeOf.own(authorId)
  if (visibility === 'team') return teamId === null ? undefined : scopeOf.own(teamId)
  const ownerId = await bookOwnerOf(reader, partyId)
  return ownerId === undefined ? undefined : scopeOf.parties(ownerId)
}
