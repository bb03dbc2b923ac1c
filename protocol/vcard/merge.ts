import { InvalidObjectError } from '../text/invalid-object.ts'
import { type Card, readCard } from './card.ts'
import { hasTooManyParameters, readCardLines } from './convert/card-lines.ts'
import type { Lines } from './convert/line.ts'
import { type CardVersion, convertLines } from './convert.ts'
import { applyEdits, type Edits, editsOn } from './merge/edits.ts'
import { type MergeRules, wholeCard } from './merge/rules.ts'
import { type StoredCard, storedCard, writeConverted, writeEdited } from './merge/text.ts'

/** Three states of a card, decoded. */
export interface MergeInput {
  /** As it is now. */
  readonly stored: string
  /** As the client was last given it: in the version it asked for, without what it was not shown. */
  readonly served: string
  /** As the client has put it. */
  readonly sent: string
  readonly rules: MergeRules
}

export interface Merged {
  readonly text: string
  /** Whether it is anything but what was sent, as it was sent: one of the three could not be read. */
  readonly isMerged: boolean
  /** Names of properties that were not sent and stay all the same. */
  readonly kept: readonly string[]
}

/**
 * What a client has done to a card, done to the card as it is now: what it was not shown, and what its kind cannot hold,
 * is not deleted by its silence, and what programs rewrite by themselves changes nothing. Lines that are not edited
 * survive byte for byte and in their order; the card keeps its version.
 * @see RFC 6352 §6.3.2.3 for the entity tag where the outcome is not what was sent
 */
export function mergeCard({ stored, served, sent, rules }: MergeInput): Merged {
  const cards = [stored, served, sent].map(readable)
  const [now, before, after] = cards
  if (!now || !before || !after) return { text: sent, isMerged: false, kept: [] }
  const card = storedCard(stored, now)
  const version = versionOf(after)
  const isAsStored = served === stored
  const isServedAsStored = isAsStored && versionOf(before) === version
  const lines = isAsStored ? card.lines : readCardLines(served, before)
  const shown = versionOf(before) === version ? lines : convertLines(lines, version)
  const edits = editsOn(shown, shown, readCardLines(sent, after), rules)
  const kept = [...edits.kept]
  if (isNothing(edits)) return { text: stored, isMerged: true, kept }
  if (isServedAsStored) return { text: writeEdited(card, edits), isMerged: true, kept }
  const text = carriedOver(card, {
    shown,
    edited: applyEdits(shown, edits),
    version,
    isSameVersion: versionOf(before) === version,
    isAsStored,
  })
  return { text, isMerged: true, kept }
}

/** What was served and what its kind would have sent after the same edit, both in one version. */
interface Edited {
  readonly shown: Lines
  readonly edited: Lines
  readonly version: CardVersion
  /** Whether what was served was in that version. */
  readonly isSameVersion: boolean
  /** Whether what was served is what is stored now. */
  readonly isAsStored: boolean
}

/** The edits of what was served, made to what is stored. */
function carriedOver(card: StoredCard, state: Edited): string {
  const { edited, version } = state
  const own = versionOf(card.card)
  const convert = (lines: Lines): Lines => (version === own ? lines : convertLines(lines, own))
  const isSameVersion = version === own && state.isSameVersion
  const shown = convert(state.shown)
  const base = isSameVersion ? card.lines : state.isAsStored ? shown : thereAndBack(card.lines, own)
  const edits = editsOn(base, shown, convert(edited), wholeCard)
  if (isNothing(edits)) return card.text
  return isSameVersion ? writeEdited(card, edits) : writeConverted(card, base, edits)
}

function thereAndBack(lines: Lines, version: CardVersion): Lines {
  return convertLines(convertLines(lines, otherThan(version)), version)
}

function isNothing({ changes, added }: Edits): boolean {
  return changes.size === 0 && added.length === 0
}

function versionOf({ version }: Card): CardVersion {
  return version === '4.0' ? '4.0' : '3.0'
}

function otherThan(version: CardVersion): CardVersion {
  return version === '4.0' ? '3.0' : '4.0'
}

function readable(text: string): Card | undefined {
  try {
    const card = readCard(text)
    return hasTooManyParameters(card) ? undefined : card
  } catch (error) {
    if (error instanceof InvalidObjectError) return undefined
    throw error
  }
}
