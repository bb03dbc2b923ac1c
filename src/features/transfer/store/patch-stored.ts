import { refuse } from '../../../../protocol/dav/preconditions.ts'
import { InvalidObjectError } from '../../../../protocol/text/invalid-object.ts'
import { patchCard } from '../../../../protocol/vcard/edit/patch.ts'
import type { BodyId } from '../../../../storage/ids.ts'
import { type ObjectRow, readBodies, readBody } from '../../../../storage/objects.ts'
import { newestOfOrigin } from '../../../../storage/revisions.ts'
import type { Reader } from '../../../../storage/store.ts'
import type { Services } from '../../../services.ts'
import { bodyText } from '../../bodies.ts'
import { type PreparedObject, prepareObject } from '../../objects.ts'
import type { Waiting } from '../import-outcome.ts'

/** Octets of cards, and of what imports made of them last, by id. */
export interface StoredTexts {
  readonly bodies: ReadonlyMap<BodyId, Buffer>
  readonly bases: ReadonlyMap<number, BodyId>
}

/** Reads, at once, what patches of these cards need. */
export async function readStoredTexts(reader: Reader, rows: readonly ObjectRow[]): Promise<StoredTexts> {
  if (rows.length === 0) return { bodies: new Map(), bases: new Map() }
  const bases = await newestOfOrigin(
    reader,
    rows.map(({ id }) => id),
    'import',
  )
  const bodies = await readBodies(reader, [
    ...new Set([...rows.map(({ bodyId }) => bodyId), ...bases.values()]),
  ])
  return { bodies, bases }
}

/**
 * The card that is there with what an item of an import says brought in. What the same source said before and says still
 * is left as it is now: somebody may have changed it here.
 * @throws Refusal when the card that is there cannot be read
 */
export async function patchStored(
  reader: Reader,
  item: Waiting,
  row: ObjectRow,
  { bodies, bases }: StoredTexts,
  settings: Services['settings'],
  now: number,
): Promise<PreparedObject> {
  const stored = bodies.get(row.bodyId) ?? (await readBody(reader, row.bodyId))
  if (!stored) throw refuse('valid-address-data', { message: 'The card that is there has no octets.' })
  const baseId = item.isPatch ? bases.get(row.id) : undefined
  const base = baseId === undefined ? undefined : bodies.get(baseId)
  const before = bodyText(stored)
  try {
    const after = patchCard(before, bodyText(item.object.body), base && bodyText(base))
    const body = after === before ? stored : Buffer.from(after)
    return prepareObject('addressbook', body, settings, now)
  } catch (error) {
    if (!(error instanceof InvalidObjectError)) throw error
    throw refuse('valid-address-data', { message: `The card that is there cannot be read: ${error.message}` })
  }
}
