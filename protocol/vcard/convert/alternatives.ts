import { parameterValues, splitValue } from '../../text/content-lines.ts'
import type { Conversion } from './conversion.ts'
import { type CardLine, changed, type Lines, newLine } from './line.ts'

const phonetic = ['X-PHONETIC-LAST-NAME', 'X-PHONETIC-FIRST-NAME', 'X-PHONETIC-MIDDLE-NAME']

/** @see RFC 6350 §5.4, RFC 9554 §4.6 */
export const alternatives: Conversion = {
  about: 'several values of one `ALTID`; phonetic names',
  three: 'the first; the others are kept under `X-`. A phonetic `N` is also `X-PHONETIC-LAST-NAME`, …',
  four: '`ALTID`; a phonetic name is `N;ALTID=1;PHONETIC=ipa`, or stays `X-PHONETIC-…`',
  note: '`X-PHONETIC-…` of a card without a phonetic `N` stays as it is in both versions: every program reads it.',
  rfc: 'RFC 6350 §5.4, RFC 9554 §4.6',
  to4: alternativesTo4,
  to3: alternativesTo3,
  examples: [
    {
      three: ['TITLE;X-ALTID=1;LANGUAGE=fr:Patron', 'X-TITLE;X-ALTID=1;LANGUAGE=en:Boss'],
      four: ['TITLE;ALTID=1;LANGUAGE=fr:Patron', 'TITLE;ALTID=1;LANGUAGE=en:Boss'],
    },
    {
      three: [
        'N;X-ALTID=1:孫;中山;文,逸仙;;',
        'X-N;X-ALTID=1;X-PHONETIC=jyut;X-SCRIPT=Latn:syun1;zung1saan1;man4,jat6sin1;;',
        'X-PHONETIC-LAST-NAME:syun1',
        'X-PHONETIC-FIRST-NAME:zung1saan1',
        'X-PHONETIC-MIDDLE-NAME:man4 jat6sin1',
        'FN:S',
      ],
      four: [
        'N;ALTID=1:孫;中山;文,逸仙;;',
        'N;ALTID=1;PHONETIC=jyut;SCRIPT=Latn:syun1;zung1saan1;man4,jat6sin1;;',
        'FN:S',
      ],
    },
    {
      three: [
        'N;X-ALTID=1:A;B;;;',
        'X-N;X-ALTID=1;X-PHONETIC=ipa:a;b;;;',
        'X-PHONETIC-FIRST-NAME:b',
        'X-PHONETIC-LAST-NAME:ah',
        'FN:S',
      ],
      four: ['N;ALTID=1:A;B;;;', 'N;ALTID=1;PHONETIC=ipa:a;b;;;', 'X-PHONETIC-LAST-NAME:ah', 'FN:S'],
      only: 'to 4.0',
    },
    { three: ['X-PHONETIC-FIRST-NAME:Jon'], four: ['X-PHONETIC-FIRST-NAME:Jon'] },
  ],
}

/** Properties that 4.0 may have once, but for the alternatives of one ALTID. @see RFC 6350 §3.3, RFC 6474, RFC 9554 */
const once =
  'VERSION PRODID UID REV KIND N BDAY ANNIVERSARY GENDER BIRTHPLACE DEATHPLACE DEATHDATE CREATED LANGUAGE'.split(
    ' ',
  )

export const atMostOnce: Conversion = {
  about: once.map((name) => `\`${name}\``).join(', '),
  three: 'any number',
  four: 'one; the others are kept under `X-`, and stay so',
  rfc: 'RFC 6350 §3.3',
  to4: (lines) => {
    const first = new Map<string, CardLine>()
    return lines.map((line) => {
      if (!once.includes(line.name)) return line
      const before = first.get(line.name)
      if (before === undefined) first.set(line.name, line)
      return before === undefined || isAlternative(before, line)
        ? line
        : changed(line, { name: `X-${line.name}` })
    })
  },
  examples: [
    {
      three: ['BDAY:1980-01-01', 'BDAY:1981-01-01'],
      four: ['BDAY:19800101', 'X-BDAY:19810101'],
      only: 'to 4.0',
    },
  ],
}

function alternativesTo3(lines: Lines): Lines {
  const chosen = new Map<string, CardLine>()
  for (const line of lines) {
    const key = alternativeKey(line)
    const before = key === undefined ? undefined : chosen.get(key)
    if (key !== undefined && (before === undefined || (isPhonetic(before) && !isPhonetic(line))))
      chosen.set(key, line)
  }
  const own = new Set(lines.map(({ name }) => name))
  return lines.flatMap((line) => {
    const key = alternativeKey(line)
    if (key === undefined || chosen.get(key) === line) return line
    const other = changed(line, { name: `X-${line.name}` })
    const spoken = line.name === 'N' && isPhonetic(line) ? phoneticLines(line) : []
    return [other, ...spoken.filter(({ name }) => !own.has(name))]
  })
}

/** X-PHONETIC-… that says what the phonetic N says is not said twice; another stays. */
function alternativesTo4(lines: Lines): Lines {
  const keys = new Set(lines.flatMap((line) => alternativeKey(line) ?? []))
  const isOther = (line: CardLine) =>
    line.name.startsWith('X-') && keys.has(keyOf(line.name.slice(2), line) ?? '')
  const told = new Set(
    lines
      .filter((line) => line.name === 'X-N' && isPhonetic(line) && isOther(line))
      .flatMap(phoneticLines)
      .map(({ name, value }) => `${name}:${value}`),
  )
  return lines.flatMap((line) => {
    if (phonetic.includes(line.name) && told.has(`${line.name}:${line.value}`)) return []
    return isOther(line) ? changed(line, { name: line.name.slice(2) }) : line
  })
}

function phoneticLines(line: CardLine): Lines {
  const parts = splitValue(line.value, ';')
  return phonetic.flatMap((name, at) => {
    const spoken = spokenPart(parts[at])
    return spoken === undefined ? [] : newLine(name, spoken)
  })
}

/** Several names become one text. */
function spokenPart(part: string | undefined): string | undefined {
  return part ? splitValue(part, ',').join(' ') : undefined
}

function isPhonetic(line: CardLine): boolean {
  return parameterValues(line, 'PHONETIC').length > 0
}

function alternativeKey(line: CardLine): string | undefined {
  return line.name.startsWith('X-') ? undefined : keyOf(line.name, line)
}

function keyOf(name: string, line: CardLine): string | undefined {
  const [altid] = parameterValues(line, 'ALTID')
  return altid === undefined ? undefined : `${name} ${altid}`
}

function isAlternative(one: CardLine, other: CardLine): boolean {
  const key = alternativeKey(one)
  return key !== undefined && key === alternativeKey(other)
}
