import type { PrincipalId } from '../../../storage/ids.ts'
import { findPrincipalsByIds, type PrincipalRow } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import { type ActivityRow, mentionsOf, partiesOfActivities } from '../../../storage/timeline/activities.ts'
import type { Asking } from '../people/asking.ts'
import { seeParties } from '../people/parties.ts'

/** Activities as they are answered, with the people whom the caller sees, in the same order. */
export async function showActivities(
  reader: Reader,
  { session, reach }: Asking,
  rows: readonly ActivityRow[],
) {
  const ids = rows.map(({ id }) => id)
  const [about, mentions] = [await partiesOfActivities(reader, ids), await mentionsOf(reader, ids)]
  const parties = await seeParties(reader, reach, [...new Set([...about.values()].flat())])
  const named = rows.flatMap(({ authorId, teamId }) => [authorId ?? 0, teamId ?? 0])
  const found = await findPrincipalsByIds(reader, [...named, ...[...mentions.values()].flat()])
  const principals = new Map(found.map((principal) => [principal.id, principal]))
  const who = (id: PrincipalId | null): ReturnType<typeof shownPrincipal> | null => {
    const principal = id === null ? undefined : principals.get(id)
    return principal ? shownPrincipal(principal) : null
  }
  return rows.map((row) => {
    const { id, kind, at, visibility, html, text, direction, outcome, minutes, version } = row
    return {
      ...{ id, kind, visibility, html, text, direction, outcome, minutes, version },
      at: new Date(at).toISOString(),
      author: who(row.authorId) ?? formerly(row.authorName),
      team: who(row.teamId),
      isPinned: row.pinnedAt !== null,
      isMine: row.authorId === session.principal.id,
      parties: (about.get(id) ?? []).flatMap((partyId) => {
        const [first] = parties.get(partyId)?.placements ?? []
        return first ? [{ id: partyId, name: first.name, kind: first.kind }] : []
      }),
      mentions: (mentions.get(id) ?? []).flatMap((one) => who(one) ?? []),
    }
  })
}

/** Somebody whose account is gone. */
function formerly(name: string | null) {
  return name === null ? null : { name, displayName: name }
}

function shownPrincipal({ name, displayName }: PrincipalRow) {
  return { name, displayName }
}
