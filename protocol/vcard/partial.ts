import type { ContentLine } from '../text/content-lines.ts'
import type { Card } from './card.ts'
import type { PropSelection } from './filter-types.ts'

/**
 * The card with only the named properties, each line as the client wrote it; BEGIN, VERSION and END always stay.
 * @param text   what `card` was read from
 * @param props  none leaves the frame alone; a property asked for with and without its value comes with it
 * @see RFC 6352 §10.4.2
 */
export function selectAddressData(text: string, card: Card, props: readonly PropSelection[]): string {
  const withValue = new Set(props.flatMap(({ name, novalue }) => (novalue ? [] : [name])))
  const named = new Set(props.map(({ name }) => name))
  let selected = text.slice(card.begin.start, card.begin.end)
  for (const line of card.lines) {
    if (line.name === 'VERSION' || isMeant(line, withValue)) selected += text.slice(line.start, line.end)
    else if (isMeant(line, named)) selected += withoutValue(text, line)
  }
  return selected + text.slice(card.finish.start, card.finish.end)
}

/** A name without a group means the properties of every group. */
function isMeant({ name, group }: ContentLine, names: ReadonlySet<string>): boolean {
  return names.has(name) || (group !== undefined && names.has(`${group.toUpperCase()}.${name}`))
}

/** The line up to its colon, without folds; it ends as the client ended it. */
function withoutValue(text: string, { start, end, value }: ContentLine): string {
  const unfolded = text.slice(start, end).replace(/(?:\r?\r\n|\r|\n)[ \t]/g, '')
  const [lineEnd = ''] = /[\r\n]*$/.exec(unfolded) ?? []
  return unfolded.slice(0, unfolded.length - lineEnd.length - value.length) + lineEnd
}
