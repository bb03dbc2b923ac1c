import type { Settings } from '../../../config/defaults.ts'
import { type Applied, applyChanges, type ThreeStates } from '../../../protocol/text/changes/apply.ts'
import { type Change, changesBetween } from '../../../protocol/text/changes/between.ts'
import { readTree } from '../../../protocol/text/changes/tree.ts'
import { convertCard } from '../../../protocol/vcard/convert.ts'
import { hasMoreLines } from '../devices/serve.ts'

/** How one state of an object became another; undefined where they are too long to compare. */
export function compareStates(
  one: string,
  other: string,
  { limits }: Pick<Settings, 'limits'>,
): readonly Change[] | undefined {
  if (one === other) return []
  if ([one, other].some((text) => hasMoreLines(text, limits.mergedLines))) return undefined
  return changesBetween(readTree(inVersion(one, other)), readTree(other))
}

/** What came of changes that were made to a text. */
export type Merged = ({ readonly kind: 'merged' } & Applied) | { readonly kind: 'too long' }

/** Makes in `now` the changes from `base` to `target`: all, or those that are wanted. See `applyChanges`. */
export function mergeStates(
  { now, base, target }: ThreeStates,
  { limits }: Pick<Settings, 'limits'>,
  isWanted?: (change: Change) => boolean,
): Merged {
  if (now === base && !isWanted) return { kind: 'merged', text: target, clashes: [] }
  if ([now, base, target].some((text) => hasMoreLines(text, limits.mergedLines))) return { kind: 'too long' }
  const states = { now, base: inVersion(base, now), target: inVersion(target, now) }
  return { kind: 'merged', ...applyChanges(states, isWanted) }
}

/** A card in the version of another one; what cannot be converted stays as it is. */
function inVersion(text: string, other: string): string {
  const version = versionIn(other)
  if (version === undefined || versionIn(text) === undefined || versionIn(text) === version) return text
  try {
    return convertCard(text, version)
  } catch {
    return text
  }
}

function versionIn(text: string): '3.0' | '4.0' | undefined {
  if (!/^\s*BEGIN:VCARD/i.test(text.slice(0, 200))) return undefined
  const [, version] = /^VERSION[^:\r\n]*:\s*(3\.0|4\.0)\s*$/im.exec(text.slice(0, 10_000)) ?? []
  return version === '3.0' || version === '4.0' ? version : undefined
}
