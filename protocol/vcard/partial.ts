import type { ContentLine } from '../text/content-lines.ts'
import type { Card } from './card.ts'

/**
 * The card with only the named properties, each line as the client wrote it; BEGIN, VERSION and END always stay.
 * @param text   what `card` was read from
 * @param props  names, `group.NAME` for one group's only; none leaves the frame alone
 * @see RFC 6352 §10.4.2
 */
export function selectAddressData(text: string, card: Card, props: readonly string[]): string {
  const wanted = new Set(props.map((prop) => prop.toUpperCase()))
  let selected = text.slice(card.begin.start, card.begin.end)
  for (const line of card.lines) {
    if (isWanted(line, wanted)) selected += text.slice(line.start, line.end)
  }
  return selected + text.slice(card.finish.start, card.finish.end)
}

/** A name without a group means the properties of every group. */
function isWanted(line: ContentLine, wanted: ReadonlySet<string>): boolean {
  if (line.name === 'VERSION' || wanted.has(line.name)) return true
  return line.group !== undefined && wanted.has(`${line.group.toUpperCase()}.${line.name}`)
}
