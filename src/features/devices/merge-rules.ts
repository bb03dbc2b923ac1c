import { type MergeRules, mergeRules, wholeCard } from '../../../protocol/vcard/merge/rules.ts'
import { traitsOf } from './kinds.ts'

/** What an app password says of its device. */
export interface MergingDevice {
  readonly clientKind: string | undefined
  /** On or off; undefined as is usual for its kind. */
  readonly merge?: boolean | undefined
}

/**
 * By which rules a card that a device writes is merged; undefined where it is stored as it is sent. A device of no known kind
 * can hold everything: with the merge on, only what it has not seen is kept from it.
 */
export function mergeRulesOf({ clientKind, merge }: MergingDevice): MergeRules | undefined {
  if (!(merge ?? traitsOf(clientKind).merge)) return undefined
  const kind = clientKind === 'davx5-groups' ? 'davx5' : clientKind
  return mergeRules.find((rules) => rules.kind === kind) ?? wholeCard
}
