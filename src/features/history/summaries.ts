import { toldChanges } from '../../../protocol/text/changes/words.ts'
import { textSizes } from '../../../storage/history/object-revisions.ts'
import type { BodyId, CollectionId, RevisionId } from '../../../storage/ids.ts'
import { bySize, readTexts } from '../../../storage/objects.ts'
import type { RevisionRow } from '../../../storage/revisions.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Services } from '../../services.ts'
import { type Sight, shownText } from './shown.ts'
import { compareStates } from './states.ts'

/** A state, and the one that it came from; undefined where there is none to compare with. */
export interface Step {
  readonly revision: RevisionRow
  readonly before: RevisionRow | undefined
}

/**
 * How each state differs from the one before, in plain words; those that say nothing are left out. Texts are read some
 * megabytes at once, and photos and the like not at all.
 */
export async function summarize(
  reader: Reader,
  steps: readonly Step[],
  sights: ReadonlyMap<CollectionId, Sight>,
  settings: Services['settings'],
): Promise<ReadonlyMap<RevisionId, string>> {
  const changed = steps.filter(({ revision, before }) => before && before.bodyId !== revision.bodyId)
  const sizes = await textSizes(reader, [...new Set(changed.flatMap(bodiesOf))])
  const sized = changed.map((step) => ({ ...step, size: sum(bodiesOf(step), sizes) }))
  const summaries = new Map<RevisionId, string>()
  for (const part of bySize(sized)) {
    const texts = await readTexts(reader, [...new Set(part.flatMap(bodiesOf))], { withMedia: false })
    const textOf = ({ bodyId, collectionId }: RevisionRow): string | undefined => {
      const text = bodyId === null ? undefined : texts.get(bodyId)
      return text === undefined ? undefined : shownText(sights.get(collectionId), text)
    }
    for (const { revision, before } of part) {
      const [older, newer] = [before && textOf(before), textOf(revision)]
      if (older === undefined || newer === undefined) continue
      const isWhole = !sights.has(revision.collectionId)
      // Without their photos they are the same text, and they are not the same octets.
      const isPhoto = older === newer && isWhole && revision.component === 'VCARD'
      const summary = isPhoto ? 'photo changed' : summaryOf(older, newer, settings)
      if (summary !== '') summaries.set(revision.id, summary)
    }
  }
  return summaries
}

function bodiesOf({ revision, before }: Step): BodyId[] {
  return [revision.bodyId, before?.bodyId].flatMap((id) => id ?? [])
}

function sum(ids: readonly BodyId[], sizes: ReadonlyMap<BodyId, number>): number {
  return ids.reduce((total, id) => total + (sizes.get(id) ?? 0), 0)
}

function summaryOf(older: string, newer: string, settings: Services['settings']): string {
  const changes = compareStates(older, newer, settings)
  return changes ? toldChanges(changes) : 'too much to compare'
}
