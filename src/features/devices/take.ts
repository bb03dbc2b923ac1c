import type { Settings } from '../../../config/defaults.ts'
import type { MergeRules } from '../../../protocol/vcard/merge/rules.ts'
import { mergeCard } from '../../../protocol/vcard/merge.ts'
import { findDeviceBase } from '../../../storage/held/merge-bases.ts'
import type { DeviceId } from '../../../storage/ids.ts'
import { type ObjectRow, readBody } from '../../../storage/objects.ts'
import type { Reader } from '../../../storage/store.ts'
import { bodyText } from '../bodies.ts'
import { textFor } from '../lists/lists.ts'
import { type PreparedObject, prepareObject } from '../objects.ts'
import { readObjectTexts } from '../texts.ts'
import type { ListDialect } from './kinds.ts'
import { hasMoreLines, inVersionOf } from './serve.ts'

/** Who writes a card, and what is known of what he had of it. */
export interface CardWriter {
  readonly deviceId: DeviceId
  readonly rules: MergeRules
  /** Whether he has named the entity tag of the card as it is. */
  readonly isCurrent: boolean
  /** How he knows lists of people: the CATEGORIES that he does not see are not his to take away. */
  readonly lists: ListDialect
}

/** A card that was put over another. */
export interface PutCard {
  readonly object: PreparedObject
  readonly existing: ObjectRow
}

/** What is to become of a card that was sent. */
export interface TakenCard {
  /** What is to be stored; undefined where the card stays as it is. */
  readonly object: PreparedObject | undefined
  /** Whether he is given the octets that he sent when he asks for it now. */
  readonly isAsSent: boolean
}

/**
 * What is stored of a card that a device puts over one that is there. Photos that came back smaller are originals again
 * already. Each step is given what the one before made of it: first the protective merge, then lists are folded.
 * @throws what `prepareObject` throws of the outcome
 */
export async function takeCard(
  reader: Reader,
  writer: CardWriter,
  put: PutCard,
  settings: Settings,
  now: number,
): Promise<TakenCard> {
  const { object } = put
  const maxLines = settings.limits.mergedLines
  const states = await statesOf(reader, writer, put)
  // What would take long to compare is nobody's card.
  if (!states || [states.stored, states.served, states.sent].some((text) => hasMoreLines(text, maxLines)))
    return { object, isAsSent: true }
  const { stored, sent } = states
  const { text } = mergeCard({ ...states, rules: writer.rules })
  const seen = textFor(writer.lists, text)
  if (text === sent && seen === text) return { object, isAsSent: true }
  const isAsSent = inVersionOf(object, seen, settings.limits.convertedLines) === sent
  if (text === stored) return { object: undefined, isAsSent }
  return { object: prepareObject('addressbook', Buffer.from(text), settings, now), isAsSent }
}

/** The three states of the card; undefined where it is not known what the device had. */
interface States {
  readonly stored: string
  readonly served: string
  readonly sent: string
}

async function statesOf(
  reader: Reader,
  { deviceId, isCurrent, lists }: CardWriter,
  { object, existing }: PutCard,
): Promise<States | undefined> {
  const stored = (await readObjectTexts(reader, [existing])).get(existing.id)
  if (stored === undefined) return undefined
  const served = isCurrent ? stored : await servedBefore(reader, deviceId, existing)
  return served === undefined
    ? undefined
    : { stored, served: textFor(lists, served), sent: bodyText(object.body) }
}

async function servedBefore(
  reader: Reader,
  deviceId: DeviceId,
  existing: ObjectRow,
): Promise<string | undefined> {
  const base = await findDeviceBase(reader, existing, deviceId)
  const body = base && (await readBody(reader, base.bodyId))
  return body && bodyText(body)
}
