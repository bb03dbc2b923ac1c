import { createHash } from 'node:crypto'
import { type FeedHeader, isWholeFeed, readFeedHeader, stripObject } from '../../../protocol/ical/feed.ts'
import { splitInSteps } from '../../../protocol/ical/split.ts'
import { decodeText, TextEncodingError } from '../../../protocol/text/decode.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import { etagOf } from '../bodies.ts'
import { contentUid } from '../content-uid.ts'
import { createPause } from '../pause.ts'
import { FeedError } from './fetch-feed.ts'

/** One object of a published calendar, as it is to be stored. */
export interface FeedObject {
  /** Its segment in URLs: the same for the same UID. */
  readonly name: string
  readonly component: string
  readonly text: string
  readonly body: Buffer
  readonly etag: string
}

export interface Feed extends FeedHeader {
  readonly objects: readonly FeedObject[]
  /** How many parts of it could not be read. */
  readonly skipped: number
}

export type Strip = Pick<CollectionRow, 'stripAlarms' | 'stripAttachments' | 'stripTodos'>

/**
 * Takes a published calendar apart: an object for each UID, without METHOD. What cannot be read is left out and counted.
 * @param charset  what the publisher says of octets that are no UTF-8
 * @throws FeedError for what is no calendar, or has too many objects
 */
export async function readFeed(
  bytes: Buffer,
  charset: string | undefined,
  strip: Strip,
  maxObjects: number,
): Promise<Feed> {
  const text = decodeFeed(bytes, charset)
  if (!isWholeFeed(text)) throw new FeedError('What the publisher sends is no calendar, or cut short.')
  const objects = new Map<string, FeedObject>()
  const pause = createPause()
  let skipped = 0
  for (const found of splitInSteps(text, (slice) => contentUid(Buffer.from(slice)))) {
    const turn = pause()
    if (turn) await turn
    if (!found) continue
    if (found.kind === 'refused') skipped += 1
    else if (found.component !== 'VTODO' || strip.stripTodos === 0) {
      const name = nameFor(found.uid)
      if (objects.has(name)) skipped += 1
      else objects.set(name, objectOf(name, found.component, found.text, strip))
      if (objects.size > maxObjects) throw new FeedError(`There are more than ${maxObjects} objects.`)
    }
  }
  return { ...readFeedHeader(text), objects: [...objects.values()], skipped }
}

function objectOf(name: string, component: string, whole: string, strip: Strip): FeedObject {
  const text = stripObject(whole, {
    alarms: strip.stripAlarms === 1,
    attachments: strip.stripAttachments === 1,
  })
  const body = Buffer.from(text)
  return { name, component, text, body, etag: etagOf(body) }
}

function nameFor(uid: string): string {
  return `${createHash('sha256').update(uid).digest('hex').slice(0, 32)}.ics`
}

/** Many old publishers say what they write in, or say nothing and mean Windows' Latin. */
function decodeFeed(bytes: Buffer, charset: string | undefined): string {
  try {
    return decodeText(bytes).text
  } catch (error) {
    if (!(error instanceof TextEncodingError)) throw error
  }
  try {
    return new TextDecoder(charset ?? 'windows-1252').decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
