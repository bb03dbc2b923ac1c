import type { Settings } from '../../../../config/defaults.ts'
import type { Clash } from '../../../../protocol/text/changes/apply.ts'
import { type ObjectRow, readBodies } from '../../../../storage/objects.ts'
import type { Reader } from '../../../../storage/store.ts'
import { bodyText, etagOf } from '../../bodies.ts'
import { mergeStates } from '../states.ts'
import type { Run } from './plan.ts'

/** A text without what was done to it. */
export type LedBack =
  | {
      readonly kind: 'led back'
      readonly body: Buffer
      readonly etag: string
      /** Whether these are the octets of a state that it was in. */
      readonly isAsBefore: boolean
      readonly clashes: readonly Clash[]
    }
  | { readonly kind: 'not'; readonly reason: string }

/**
 * What an object is without some changes, the latest first, each counted from what it was then: what others have changed stays.
 * Where nobody has, the octets are those from before.
 */
export async function ledBack(
  reader: Reader,
  { bodyId }: Pick<ObjectRow, 'bodyId'>,
  runs: readonly Run[],
  settings: Pick<Settings, 'limits'>,
): Promise<LedBack> {
  const ids = [bodyId, ...runs.flatMap(({ base, target }) => [base, target])]
  const bodies = await readBodies(reader, [...new Set(ids)])
  let body = bodies.get(bodyId)
  let isAsBefore = true
  const clashes: Clash[] = []
  for (const run of runs) {
    const [base, target] = [bodies.get(run.base), bodies.get(run.target)]
    if (!body || !base || !target) return { kind: 'not', reason: 'What it was before is no longer kept.' }
    if (body.equals(base)) {
      body = target
      continue
    }
    const states = { now: bodyText(body), base: bodyText(base), target: bodyText(target) }
    const merged = mergeStates(states, settings)
    if (merged.kind === 'too long')
      return { kind: 'not', reason: 'It is too long to be told apart from what others have changed.' }
    clashes.push(...merged.clashes)
    if (merged.text === states.now) continue
    body = Buffer.from(merged.text)
    isAsBefore = false
  }
  if (!body) return { kind: 'not', reason: 'What it was before is no longer kept.' }
  return { kind: 'led back', body, etag: etagOf(body), isAsBefore, clashes }
}
