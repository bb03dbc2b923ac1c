import type { Change } from '../../../protocol/text/changes/between.ts'
import { toldChange } from '../../../protocol/text/changes/words.ts'
import type { Makers } from '../../../storage/history/object-revisions.ts'
import type { RevisionRow } from '../../../storage/revisions.ts'
import type { PartyChange } from './party-history.ts'
import { statesOf } from './shown-facts.ts'

/** Who made a change, as the API shows it. */
export function shownMaker(
  made: Pick<RevisionRow, 'at' | 'origin' | 'authorId' | 'deviceId' | 'requestId'>,
  { authors, devices }: Makers,
) {
  const { at, origin, authorId, deviceId, requestId } = made
  const device = deviceId === null ? undefined : devices.get(deviceId)
  return {
    at: new Date(at).toISOString(),
    origin,
    author: (authorId === null ? undefined : authors.get(authorId)) ?? null,
    device: device ? { id: device.id, label: device.label, kind: device.clientKind } : null,
    requestId,
  }
}

/** A state as the API shows it. @param isWhole  whether nothing of it is hidden: the tag is of all of it */
export function shownState(revision: RevisionRow, makers: Makers, isWhole: boolean) {
  const { id, kind, name, collectionId, component, etag, bodyId, sentBodyId } = revision
  return {
    revision: id,
    kind,
    ...shownMaker(revision, makers),
    name,
    collection: collectionId,
    component,
    etag: isWhole ? etag : null,
    isKept: bodyId !== null,
    isSentOtherwise: sentBodyId !== null,
  }
}

/** What happened to somebody, as the API shows it. */
export function shownPartyChange(change: PartyChange, makers: Makers) {
  if (change.type === 'card') {
    const { revision, summary, isWhole } = change
    const state = shownState(revision, makers, isWhole)
    return { type: 'card', object: revision.objectId, ...state, summary } as const
  }
  const { revision, fact, told: summary } = change
  const { before = null, after = null } = statesOf(revision)
  const named = { revision: revision.id, fact: fact.kind, key: revision.key, label: fact.label }
  return { type: 'fact', ...named, ...shownMaker(revision, makers), before, after, summary } as const
}

/** Where something differs, and how. */
export function shownChange(change: Change) {
  const { path, one, other } = change
  const how = one === undefined ? 'added' : other === undefined ? 'removed' : 'changed'
  return { path, what: toldChange(change)?.what ?? null, how } as const
}

/** The line of one side, or the beginning of its component; null where there is nothing. */
export function textIn(change: Change, side: 'one' | 'other'): string | null {
  if (change.kind === 'line') return change[side]?.text ?? null
  const part = change[side]
  return part ? `BEGIN:${part.name}` : null
}
