import { encodeSegment } from '../../../protocol/dav/href.ts'
import {
  formatPosition,
  isBefore,
  type LogState,
  type Position,
  readPosition,
} from '../../../storage/events/position.ts'
import type { EventRow } from '../../../storage/events/read-events.ts'
import type { Change } from './schema.ts'

/** A position as clients keep it: it is void in another log. */
export function writePlace({ log }: Pick<LogState, 'log'>, position: Position): string {
  return `${log}.${formatPosition(position)}`
}

/** @returns undefined for one of another log, and for one after which something was purged */
export function readPlace({ log, floor }: LogState, text: string): Position | undefined {
  if (!text.startsWith(`${log}.`)) return undefined
  const position = readPosition(text.slice(log.length + 1))
  return position && !isBefore(position, floor) ? position : undefined
}

/** An event as it is told, without anything of what it is about. */
export function shownChange(log: Pick<LogState, 'log'>, row: EventRow): Change {
  const { kind, at, partyId, refKind, refId, requestId } = row
  return {
    id: writePlace(log, row),
    kind,
    at: new Date(at).toISOString(),
    ...placeOf(row),
    ...(partyId === null ? {} : { party: { id: partyId } }),
    ...(refKind === null || refId === null ? {} : { about: { kind: refKind, id: refId } }),
    ...(requestId === null ? {} : { request: requestId }),
  }
}

function placeOf(row: EventRow): Pick<Change, 'collection' | 'object'> {
  const { kind, home, segment, collectionId, collectionName, objectId, name } = row
  if (kind.startsWith('collection-') && home && segment && name !== null) {
    const href = hrefOf(home, segment, name)
    return { collection: objectId === null ? { href } : { id: objectId, href } }
  }
  if (objectId === null || name === null) return {}
  const object = { id: objectId, name }
  if (!home || !segment || collectionId === null || collectionName === null) return { object }
  const href = hrefOf(home, segment, collectionName)
  return { collection: { id: collectionId, href }, object: { ...object, href: href + encodeSegment(name) } }
}

function hrefOf(home: string, segment: string, name: string): string {
  return `/dav/${home}/${encodeSegment(segment)}/${encodeSegment(name)}/`
}
