import { InvalidObjectError } from '../../text/invalid-object.ts'
import { type Card, readCard } from '../card.ts'
import { hasTooManyParameters } from '../convert/card-lines.ts'
import type { CardLine } from '../convert/line.ts'
import { type Instance, instancesOf, isRider } from '../merge/instances.ts'
import { storedCard } from '../merge/text.ts'
import { isHidden, type Mask } from './rules.ts'

/** A line of a card, the octets it is with all up to the next, and whether it is not seen. */
export interface Part {
  readonly line: CardLine
  readonly slice: string
  readonly isHidden: boolean
}

/** A card as the lines it is made of. */
export interface Parts {
  readonly head: string
  readonly parts: readonly Part[]
  readonly tail: string
  readonly instances: readonly Instance[]
}

/** Takes a card apart; undefined for one that cannot be read, of which nobody knows what it says. */
export function partsOf(text: string, masks: readonly Mask[]): Parts | undefined {
  const card = readable(text)
  if (!card) return undefined
  const { lines, sliceOf, head } = storedCard(text, card)
  const instances = instancesOf(lines)
  const hidden = hiddenLines(lines, instances, masks)
  const parts = lines.map((line) => ({ line, slice: sliceOf.get(line) ?? '', isHidden: hidden.has(line) }))
  return { head, parts, tail: text.slice(card.finish.start), instances }
}

/** What stands beside a hidden property in its group, its label say, is hidden too. */
function hiddenLines(
  lines: readonly CardLine[],
  instances: readonly Instance[],
  masks: readonly Mask[],
): ReadonlySet<CardLine> {
  const hidden = new Set(instances.filter((instance) => isHidden(instance, masks)).map(({ main }) => main))
  const groups = new Set([...hidden].flatMap(({ group }) => group?.toLowerCase() ?? []))
  for (const line of lines)
    if (isRider(line) && line.group !== undefined && groups.has(line.group.toLowerCase())) hidden.add(line)
  return hidden
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
