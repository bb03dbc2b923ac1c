import { fold } from '../../../protocol/text/fold.ts'
import type { Ranked } from './rank.ts'

/** A text in which something was found, and where: from and to, in UTF-16 units. */
export interface Snippet {
  readonly text: string
  readonly marks: readonly (readonly [from: number, to: number])[]
}

/** Letters of a long text that are shown, and how many before what was found. */
const longest = 160
const before = 40

/** The field that fits, cut to where it does. */
export function snippetOf({ text, field, found }: Pick<Ranked, 'text' | 'field' | 'found'>): Snippet {
  const { folded, places } = foldedWithPlaces(text, field === 'phone')
  const marks: (readonly [number, number])[] = []
  for (const sought of found) {
    const at = sought === '' ? -1 : folded.indexOf(sought)
    if (at < 0) continue
    const mark = [places[at] ?? 0, places[at + sought.length] ?? text.length] as const
    if (!marks.some(([from, to]) => mark[0] < to && from < mark[1])) marks.push(mark)
  }
  marks.sort(([one], [other]) => one - other)
  const from = Math.max(0, (marks[0]?.[0] ?? 0) - before)
  if (text.length <= longest) return { text, marks }
  const start = from === 0 ? 0 : text.indexOf(' ', from) + 1 || from
  const cut = text.slice(start, start + longest)
  const inside = marks.filter(([at, to]) => at >= start && to <= start + longest)
  return { text: cut, marks: inside.map(([at, to]) => [at - start, to - start] as const) }
}

/** A text folded letter by letter, and for each letter of that where it comes from; of a number its digits. */
function foldedWithPlaces(text: string, isNumber: boolean): { folded: string; places: number[] } {
  let folded = ''
  const places: number[] = []
  let at = 0
  for (const letter of text) {
    const plain = isNumber ? letter.replace(/\D/, '') : /\s/.test(letter) ? ' ' : fold(letter)
    for (let unit = 0; unit < plain.length; unit++) places.push(at)
    folded += plain
    at += letter.length
  }
  places.push(text.length)
  return { folded, places }
}
