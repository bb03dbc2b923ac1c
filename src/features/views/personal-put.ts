import type { Settings } from '../../../config/defaults.ts'
import { refuse } from '../../../protocol/dav/preconditions.ts'
import { type Calendar, readCalendar } from '../../../protocol/ical/calendar.ts'
import {
  isSameLayer,
  type PersonalLayer,
  splitPersonalParts,
  withoutPersonalParts,
  withPersonalParts,
} from '../../../protocol/ical/personal.ts'
import { isSameShared } from '../../../protocol/ical/shared-part.ts'
import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import type { MountRow } from '../../../storage/mounts.ts'
import type { ObjectRow } from '../../../storage/objects.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { findLayers, putLayer } from '../../../storage/views/layers.ts'
import type { PutResult } from '../../../storage/write-path.ts'
import { bodyText } from '../bodies.ts'
import { type PreparedObject, prepareObject } from '../objects.ts'
import { type StoreRequest, storeObject } from '../store-object.ts'
import { readObjectTexts } from '../texts.ts'
import { layeredEtag, readLayer, writeLayer } from './layer.ts'
import { personalText } from './personal-view.ts'

/** What somebody puts into a calendar that he sees with alarms of his own. */
export interface PersonalPut {
  readonly mount: MountRow
  /** What he sent, checked. */
  readonly object: PreparedObject
  /** What is there. */
  readonly existing: ObjectRow | undefined
  /** Whether he may change what is there for everybody. */
  readonly mayWrite: boolean
}

/** What is to become of it. */
export interface PersonalPlan {
  /** What is to be stored for everybody; undefined where that stays as it is. */
  readonly shared: PreparedObject | undefined
  /** His own layer as it is to be, and whether that is another. */
  readonly layer: string
  readonly isLayerNew: boolean
  /** Whether he then sees the octets that he sent. */
  readonly isAsSent: boolean
}

/**
 * Takes apart what somebody puts: his alarms, his notes on them and his TRANSP go into his layer, the rest is everybody's. That counts
 * as unchanged where only its alarms have, along with what every program moves on when it writes; and where he may not change it, also along
 * with X- properties and CREATED: so a phone may set its alarms on what it only reads.
 * @see RFC 4791 §5.3.2 for the entity tag of what was changed by the server
 */
export async function planPersonalPut(
  reader: Reader,
  put: PersonalPut,
  settings: Settings,
  now: number,
): Promise<PersonalPlan> {
  const { mount, object, existing } = put
  const before = await statesOf(reader, mount, existing)
  const sent = readCalendar(bodyText(object.body))
  const split = splitPersonalParts(sent, before.calendar, before.layer)
  const isLayerNew = !isSameLayer(split.layer, before.layer, sent)
  const stays = before.calendar !== undefined && isSharedUnchanged(before.calendar, sent, put, isLayerNew)
  const layer = isLayerNew ? writeLayer(split.layer) : before.written
  checkSize(layer, settings)
  const text = stays ? before.text : split.shared
  return {
    shared: stays ? undefined : prepared(split.shared, sent.text, object, settings, now),
    layer,
    isLayerNew,
    isAsSent: Buffer.from(personalText(text, readLayer(layer))).equals(object.body),
  }
}

/** Without alarms in it, what was sent is what is stored, octet for octet. */
function prepared(
  shared: string,
  sent: string,
  object: PreparedObject,
  settings: Settings,
  now: number,
): PreparedObject {
  return shared === sent ? object : prepareObject('calendar', Buffer.from(shared), settings, now)
}

/** Carries a plan out. @throws what `storeObject` throws */
export async function putPersonal(
  tx: Writer,
  request: Omit<StoreRequest, 'object'> & { readonly mount: MountRow },
  { shared, layer, isLayerNew }: PersonalPlan,
  settings: Settings,
): Promise<PutResult> {
  const { mount, existing, name, origin } = request
  const stored = shared
    ? await storeObject(tx, { ...request, object: shared }, settings)
    : unchanged(existing)
  if (isLayerNew) await putLayer(tx, mount, { id: stored.objectId, name }, layer, origin)
  const kind = stored.kind === 'unchanged' && isLayerNew ? 'updated' : stored.kind
  return { ...stored, kind, etag: layeredEtag(stored.etag, layer) }
}

function unchanged(existing: ObjectRow | undefined): PutResult {
  if (!existing) throw new TypeError('What is new has to be stored.')
  const { id, change, etag } = existing
  return { kind: 'unchanged', objectId: id, change, etag }
}

interface States {
  readonly text: string
  /** Undefined for a new object, and for one that cannot be read: that one is put anew. */
  readonly calendar: Calendar | undefined
  readonly layer: PersonalLayer
  readonly written: string
}

async function statesOf(reader: Reader, mount: MountRow, existing: ObjectRow | undefined): Promise<States> {
  if (!existing) return { text: '', calendar: undefined, layer: readLayer(''), written: '' }
  const text = (await readObjectTexts(reader, [existing])).get(existing.id) ?? ''
  const written = (await findLayers(reader, mount, [existing.id])).get(existing.id) ?? ''
  return { text, calendar: readable(text), layer: readLayer(written), written }
}

function readable(text: string): Calendar | undefined {
  try {
    const calendar = readCalendar(text)
    withPersonalParts(calendar, readLayer(''))
    return calendar
  } catch (error) {
    if (error instanceof InvalidObjectError) return undefined
    throw error
  }
}

function isSharedUnchanged(
  stored: Calendar,
  sent: Calendar,
  { mayWrite }: PersonalPut,
  isLayerNew: boolean,
): boolean {
  if (withoutPersonalParts(stored) === withoutPersonalParts(sent)) return true
  if (!mayWrite) return isSameShared(stored, sent, 'visible')
  return isLayerNew && isSameShared(stored, sent, 'exact')
}

/** @throws max-resource-size */
function checkSize(layer: string, { limits }: Settings): void {
  if (Buffer.byteLength(layer) <= limits.layerBytes) return
  throw refuse('caldav:max-resource-size', {
    message: `Alarms of one's own may take ${limits.layerBytes} octets of an object at most.`,
  })
}
