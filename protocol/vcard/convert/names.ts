import {
  escapeTextValue,
  type Parameter,
  parameterValues,
  splitValue,
  unescapeText,
} from '../../text/content-lines.ts'
import { contactSummary } from '../index-fields.ts'
import type { Conversion } from './conversion.ts'
import { type CardLine, changed, type Lines, newLine, without } from './line.ts'

/** @see RFC 6350 §3.3, §6.7.9 */
export const version: Conversion = {
  about: '`VERSION`',
  three: '`VERSION:3.0`',
  four: '`VERSION:4.0`, always the first line',
  rfc: 'RFC 2426 §3.6.9, RFC 6350 §6.7.9',
  to4: (lines) => {
    const first = lines.find(({ name }) => name === 'VERSION')
    return [newLine('VERSION', '4.0'), ...lines.filter((line) => line !== first)]
  },
  to3: (lines) => {
    const first = lines.find(({ name }) => name === 'VERSION')
    return lines.map((line) => (line === first ? newLine('VERSION', '3.0') : line))
  },
  examples: [],
}

/** 3.0 must have N, and 4.0 need not; both must have FN. @see RFC 2426 §3.1.1–3.1.2, RFC 6350 §6.2.1–6.2.2 */
export const required: Conversion = {
  about: '`FN`, `N`',
  three:
    '`FN` and `N`; where the card has no `N`, the whole name is the given name, and a group’s the family name',
  four: '`FN`',
  note: 'A card without `FN` gets its best name: of N, NICKNAME, ORG, EMAIL or TEL. Apple’s programs show `N`, and semicolons behind the name of a group.',
  rfc: 'RFC 2426 §3.1.1, §3.1.2, RFC 6350 §6.2.1',
  to4: withFormattedName,
  to3: (lines) => withStructuredName(withFormattedName(lines)),
  examples: [
    {
      three: ['N:Public;John;;;', 'FN:John Public'],
      four: ['N:Public;John;;;', 'FN:John Public'],
    },
    { three: ['N:Public;John;;;'], four: ['FN:John Public', 'N:Public;John;;;'], only: 'to 4.0' },
    { three: ['FN:Ann\\, B; C', 'N:;Ann\\, B\\; C;;;'], four: ['FN:Ann\\, B; C'], only: 'to 3.0' },
    {
      three: ['X-ADDRESSBOOKSERVER-KIND:group', 'FN:Family', 'N:Family'],
      four: ['KIND:group', 'FN:Family'],
      only: 'to 3.0',
    },
  ],
}

export const sorting: Conversion = {
  about: '`SORT-STRING`, `SORT-AS`',
  three: '`SORT-STRING:Harten`',
  four: '`N;SORT-AS=Harten:`',
  note: 'On `ORG`, and where there is no `N`, it is kept under `X-`.',
  rfc: 'RFC 2426 §3.6.5, RFC 6350 §5.9',
  to4: sortingTo4,
  to3: sortingTo3,
  examples: [
    {
      three: ['N:van der Harten;Rene;;;', 'FN:R', 'SORT-STRING:Harten\\,Rene'],
      four: ['N;SORT-AS="Harten,Rene":van der Harten;Rene;;;', 'FN:R'],
      only: 'to 4.0',
    },
    {
      three: ['N:van der Harten;Rene;;;', 'SORT-STRING:Harten\\,Rene', 'FN:R'],
      four: ['N;SORT-AS="Harten,Rene":van der Harten;Rene;;;', 'FN:R'],
    },
    { three: ['ORG;X-SORT-AS=ABC:The ABC'], four: ['ORG;SORT-AS=ABC:The ABC'] },
    { three: ['SORT-STRING;X-OWN=1:Harten'], four: ['X-SORT-STRING;X-OWN=1:Harten'] },
  ],
}

/** The number of components of 3.0; 4.0 has more since RFC 9554. */
const components: ReadonlyMap<string, number> = new Map([
  ['N', 5],
  ['ADR', 7],
])

export const moreComponents: Conversion = {
  about: 'components of `N` and `ADR`',
  three: 'five and seven; the others are kept as `X-COMPONENTS`',
  four: 'seven and eighteen',
  rfc: 'RFC 9554 §2',
  to4: (lines) => lines.map(withAllComponents),
  to3: (lines) => lines.map(withFirstComponents),
  examples: [
    {
      three: ['N;X-COMPONENTS=";Jr.":Stevenson;John;P;;', 'FN:S'],
      four: ['N:Stevenson;John;P;;;;Jr.', 'FN:S'],
    },
    {
      three: ['ADR;X-COMPONENTS=";;;54321;Oak St;;;;;;":;;54321 Oak St;Reston;VA;20190;USA'],
      four: ['ADR:;;54321 Oak St;Reston;VA;20190;USA;;;;54321;Oak St;;;;;;'],
    },
  ],
}

function withFormattedName(lines: Lines): Lines {
  if (lines.some(({ name }) => name === 'FN')) return lines
  const name = newLine('FN', escapeTextValue(contactSummary({ lines }).fn))
  const at = lines.findIndex((line) => line.name === 'N')
  return at === -1 ? afterVersion(lines, name) : lines.toSpliced(at, 0, name)
}

function withStructuredName(lines: Lines): Lines {
  if (lines.some(({ name }) => name === 'N')) return lines
  const summary = contactSummary({ lines })
  const whole = escapeTextValue(summary.fn)
  const value = summary.kind === 'group' ? whole : summary.kind === 'org' ? ';;;;' : `;${whole};;;`
  const at = lines.findIndex((line) => line.name === 'FN')
  return lines.toSpliced(at + 1, 0, newLine('N', value))
}

function afterVersion(lines: Lines, added: CardLine): Lines {
  const at = lines.findIndex(({ name }) => name === 'VERSION')
  return lines.toSpliced(at + 1, 0, added)
}

/** It belongs to the name before it; where that is not the one name of 4.0, it stays by itself. */
function sortingTo4(lines: Lines): Lines {
  const isPlain = (line: CardLine) => line.group === undefined && line.parameters.length === 0
  const at = lines.findIndex((line) => line.name === 'SORT-STRING' && isPlain(line))
  const first = lines.find((line) => line.name === 'N')
  const before = lines.slice(0, at).findLast(({ name }) => name === 'N' || name === 'X-N') ?? first
  const isFree = before === first && first !== undefined && parameterValues(first, 'SORT-AS').length === 0
  const sorted = isFree && at !== -1 ? lines[at] : undefined
  return lines.flatMap((line) => {
    if (line === sorted) return []
    if (sorted !== undefined && line === first) return withSorting(line, unescapeText(sorted.value))
    return line.name === 'SORT-STRING' ? changed(line, { name: 'X-SORT-STRING' }) : line
  })
}

function withSorting(line: CardLine, text: string): CardLine {
  const parameters: Parameter[] = [{ name: 'SORT-AS', values: [text] }, ...line.parameters]
  return changed(line, { parameters })
}

function sortingTo3(lines: Lines): Lines {
  const name = lines.find((line) => line.name === 'N' && parameterValues(line, 'SORT-AS').length > 0)
  return lines.flatMap((line) => {
    if (line.name === 'X-SORT-STRING') return changed(line, { name: 'SORT-STRING' })
    if (line !== name) return line
    const text = parameterValues(line, 'SORT-AS').join(',')
    const parameters = without(line.parameters, 'SORT-AS')
    return [changed(line, { parameters }), newLine('SORT-STRING', escapeTextValue(text))]
  })
}

export function withFirstComponents(line: CardLine): CardLine {
  const count = components.get(line.name)
  if (count === undefined) return line
  const all = splitValue(line.value, ';')
  if (all.length <= count) return line
  const rest = all.slice(count).join(';')
  const parameters = /^;*$/.test(rest)
    ? line.parameters
    : [...line.parameters, { name: 'X-COMPONENTS', values: [rest] }]
  return changed(line, { value: all.slice(0, count).join(';'), parameters })
}

export function withAllComponents(line: CardLine): CardLine {
  const count = components.get(line.name)
  const rest = parameterValues(line, 'X-COMPONENTS').join(',')
  if (count === undefined || rest === '') return line
  const first = splitValue(line.value, ';')
  if (first.length > count) return line
  const all = [...first, ...Array<string>(count - first.length).fill(''), rest]
  return changed(line, { value: all.join(';'), parameters: without(line.parameters, 'X-COMPONENTS') })
}
