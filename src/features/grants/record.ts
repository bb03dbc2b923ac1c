import type { GrantRow } from '../../../storage/grants/grants.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Writer } from '../../../storage/store.ts'
import { recordThing, type ThingState } from '../history/things/record.ts'
import { parseMasks } from '../masks/masks.ts'

/** What is shared as its history has it. */
function stateOfGrant(row: GrantRow): ThingState {
  const { receiverId: receiver, kind, partyId: party, sourceId: source, label, access, name } = row
  return { receiver, kind, party, source, label, access, masks: parseMasks(row.masks), name }
}

/** Writes down that what is shared has changed; one that is undefined is not shared then. */
export async function recordGrant(
  tx: Writer,
  { before, after }: { readonly before: GrantRow | undefined; readonly after: GrantRow | undefined },
  origin: Origin,
): Promise<void> {
  const row = after ?? before
  if (!row) return
  await recordThing(
    tx,
    {
      ...{ kind: 'grant', key: String(row.id), ownerId: row.giverId, partyId: row.partyId },
      ...{ before: before && stateOfGrant(before), after: after && stateOfGrant(after) },
    },
    origin,
  )
}
