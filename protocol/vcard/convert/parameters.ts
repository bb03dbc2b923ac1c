import { type Parameter, parameterValues } from '../../text/content-lines.ts'
import { decodeQuotedPrintable } from '../quoted-printable.ts'
import type { Conversion } from './conversion.ts'
import { type CardLine, changed, hasWord, type Lines, without, wordsOf } from './line.ts'

/** Properties whose values are TEXT in 3.0 may name their language; these may not. @see RFC 2426 §4 */
const withoutLanguage = 'EMAIL TEL BDAY URL GEO TZ PHOTO LOGO SOUND KEY UID REV'.split(' ')

const everywhere = undefined

/**
 * Parameters that 4.0 has and 3.0 has not, and the properties that may have them.
 * @see RFC 6350 §5, RFC 6715 §3, RFC 8605 §3, RFC 9554 §4, RFC 9555 §3
 */
const fourOnly: ReadonlyMap<string, readonly string[] | undefined> = new Map([
  ...'ALTID PID MEDIATYPE AUTHOR AUTHOR-NAME CREATED DERIVED PHONETIC PROP-ID SCRIPT SERVICE-TYPE USERNAME JSPTR'
    .split(' ')
    .map((name): [string, undefined] => [name, everywhere]),
  ['CALSCALE', ['BDAY', 'X-BDAY', 'ANNIVERSARY', 'X-ANNIVERSARY', 'DEATHDATE', 'X-ABDATE']],
  ['SORT-AS', ['N', 'X-N', 'ORG', 'X-ORG']],
  ['GEO', ['ADR', 'X-ADR']],
  ['TZ', ['ADR', 'X-ADR']],
  ['LABEL', ['ADR', 'X-ADR']],
  ['CC', ['ADR', 'X-ADR']],
  ['JSCOMPS', ['N', 'ADR', 'X-N', 'X-ADR']],
  ['INDEX', ['EXPERTISE', 'HOBBY', 'INTEREST', 'ORG-DIRECTORY']],
  ['LEVEL', ['EXPERTISE', 'HOBBY', 'INTEREST']],
])

const fourOnlyTypes = ['date-and-or-time', 'timestamp', 'language-tag']

/** Bare words, character sets and encodings that say nothing in 3.0 and 4.0. */
export const leftovers: Conversion = {
  about: '`CHARSET`, `ENCODING=QUOTED-PRINTABLE`, `ENCODING=8BIT`, `VALUE=phone-number`, bare words',
  three: '`TEL;HOME;CHARSET=UTF-8;VALUE=phone-number:`',
  four: '`TEL;TYPE=HOME:`',
  note: 'What is not spelt as the RFCs have it is written anew; a line that cannot be read is kept as `X-UNREADABLE`.',
  rfc: 'RFC 2426 §5, RFC 6350 §3.1, §5',
  to4: (lines) => lines.map((line) => withoutLeftovers(line)),
  to3: (lines) => lines.map((line) => withoutLeftovers(line)),
  examples: [
    {
      three: ['TEL;HOME;CHARSET=UTF-8;VALUE=phone-number:+1 2'],
      four: ['TEL;TYPE=HOME:+1 2'],
      only: 'to 4.0',
    },
    { three: ['NOTE;ENCODING=8BIT:é'], four: ['NOTE:é'], only: 'to 4.0' },
    {
      three: ['NOTE;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:caf=E9=0D=0A=', '=E9'],
      four: ['NOTE:café\\né'],
      only: 'to 4.0',
    },
    { three: ['TEL_ONE:1', 'rubbish'], four: ['TEL-ONE:1', 'X-UNREADABLE:rubbish'], only: 'to 4.0' },
  ],
}

/** @see RFC 6350 §5.3, §5.6 */
export const preference: Conversion = {
  about: '`TYPE=pref`, `PREF`',
  three: '`TYPE=pref` on the most preferred of a property; any other rank is kept as `X-PREF`',
  four: '`PREF=1`, `PREF=2`, …',
  rfc: 'RFC 2426 §3.2.1, RFC 6350 §5.3',
  to4: (lines) => lines.map(toRank),
  to3: fromRanks,
  examples: [
    { three: ['TEL;TYPE=work;TYPE=pref:1'], four: ['TEL;TYPE=work;PREF=1:1'] },
    {
      three: ['EMAIL;type=INTERNET;type=pref:a@b'],
      four: ['EMAIL;TYPE=INTERNET;PREF=1:a@b'],
      only: 'to 4.0',
    },
    { three: ['TEL;TYPE="HOME,PREF":1'], four: ['TEL;TYPE=HOME;PREF=1:1'], only: 'to 4.0' },
    { three: ['TEL;TYPE=voice,home:1'], four: ['TEL;TYPE="voice,home":1'], only: 'to 3.0' },
    {
      three: ['TEL;TYPE=pref;X-PREF=3:1', 'TEL;X-PREF=7:2', 'EMAIL;TYPE=pref:a@b'],
      four: ['TEL;PREF=3:1', 'TEL;PREF=7:2', 'EMAIL;PREF=1:a@b'],
    },
  ],
}

/** Nothing that 3.0 does not know stands in a 3.0 card under its own name, and nothing is lost (ABK-07). */
export const parameters: Conversion = {
  about: `${[...fourOnly.keys()].map((name) => `\`${name}\``).join(', ')}`,
  three: 'the same with `X-` before the name',
  four: 'as they are',
  note: `Also \`LANGUAGE\` on ${withoutLanguage.map((name) => `\`${name}\``).join(', ')}, and the value types ${fourOnlyTypes.map((name) => `\`${name}\``).join(', ')} (\`X-VALUE\`). \`CONTEXT\`, which 4.0 has not, becomes \`X-CONTEXT\` there. Other parameters are kept as they are.`,
  rfc: 'RFC 6350 §5, RFC 6715 §3, RFC 8605 §3, RFC 9554 §4',
  to4: (lines) => lines.map((line) => renamed(line, to4Name)),
  to3: (lines) => lines.map((line) => renamed(line, to3Name)),
  examples: [
    {
      three: ['EMAIL;X-PID=1.1;X-ALTID=2;X-PROP-ID=k1:a@b', 'TEL;X-LANGUAGE=de:1', 'NOTE;LANGUAGE=de:n'],
      four: ['EMAIL;PID=1.1;ALTID=2;PROP-ID=k1:a@b', 'TEL;LANGUAGE=de:1', 'NOTE;LANGUAGE=de:n'],
    },
    { three: ['HOBBY;X-LEVEL=high;X-INDEX=1:r'], four: ['HOBBY;LEVEL=high;INDEX=1:r'] },
    { three: ['ADR;X-CC=US;X-TZ=x:;;S;;;;'], four: ['ADR;CC=US;TZ=x:;;S;;;;'] },
    { three: ['X-OWN;X-VALUE=date-and-or-time:--0101'], four: ['X-OWN;VALUE=date-and-or-time:--0101'] },
    { three: ['SOURCE;CONTEXT=VCARD:http://a/b'], four: ['SOURCE;X-CONTEXT=VCARD:http://a/b'] },
    { three: ['TEL;X-OWN=1;X-LABEL=2;FUTURE=3:1'], four: ['TEL;X-OWN=1;X-LABEL=2;FUTURE=3:1'] },
  ],
}

/** Names of parameters that do not occur in a 3.0 card. */
export const namesOfFourOnly: readonly string[] = ['PREF', ...fourOnly.keys()]

/** RFC 2425's types of values that 4.0 has no name for, and that are what is meant without one. */
const namelessTypes = ['phone-number', 'ptext']

/** A line as it is meant: quoted-printable decoded, and without what then says nothing. */
export function withoutLeftovers(line: CardLine): CardLine {
  if (line.parameters.length === 0) return line
  let { parameters, value } = line
  const [encoding = ''] = parameterValues(line, 'ENCODING')
  if (/^(?:quoted-printable|[78]-?bit)$/i.test(encoding)) parameters = without(parameters, 'ENCODING')
  if (/^quoted-printable$/i.test(encoding)) {
    value = decodeQuotedPrintable(value, parameterValues(line, 'CHARSET')[0]).replace(/\r?\n/g, '\\n')
  }
  parameters = without(parameters, 'CHARSET')
  if (wordsOf(line, 'VALUE').some((word) => namelessTypes.includes(word))) {
    parameters = without(parameters, 'VALUE')
  }
  return changed(line, { parameters, value })
}

/** The rank stands where the word stood. */
function toRank(line: CardLine): CardLine {
  if (!hasWord(line, 'TYPE', 'pref')) return line
  const rank = parameterValues(line, 'X-PREF')[0] ?? parameterValues(line, 'PREF')[0] ?? '1'
  let isRanked = false
  const parameters = without(line.parameters, 'X-PREF', 'PREF').flatMap((parameter): readonly Parameter[] => {
    if (!hasWord({ parameters: [parameter] }, 'TYPE', 'pref')) return [parameter]
    const values = parameter.values.flatMap((value) => value.split(','))
    const others = values.filter((value) => value.trim().toLowerCase() !== 'pref')
    const added = isRanked ? [] : [{ name: 'PREF', values: [rank] }]
    isRanked = true
    return others.length === 0 ? added : [{ name: 'TYPE', values: others }, ...added]
  })
  return changed(line, { parameters })
}

function fromRanks(lines: Lines): Lines {
  const best = new Map<string, number>()
  for (const line of lines) {
    const rank = rankOf(line)
    if (rank !== undefined) best.set(line.name, Math.min(rank, best.get(line.name) ?? rank))
  }
  return lines.map((line) => {
    const whole = unquotedTypes(line)
    const written = parameterValues(line, 'PREF')[0]
    if (written === undefined) return whole
    const rank = rankOf(line)
    const isBest = rank !== undefined && rank === best.get(line.name)
    return changed(whole, { parameters: whole.parameters.flatMap((one) => asType(one, written, isBest)) })
  })
}

function asType(parameter: Parameter, written: string, isBest: boolean): Parameter[] {
  if (parameter.name !== 'PREF') return [parameter]
  const type = isBest ? [{ name: 'TYPE', values: ['pref'] }] : []
  return isBest && written === '1' ? type : [...type, { name: 'X-PREF', values: [written] }]
}

function unquotedTypes(line: CardLine): CardLine {
  return changed(line, {
    parameters: line.parameters.map((parameter) =>
      parameter.name === 'TYPE' && parameter.values.some((value) => value.includes(','))
        ? { name: 'TYPE', values: parameter.values.flatMap((value) => value.split(',')) }
        : parameter,
    ),
  })
}

function rankOf(line: CardLine): number | undefined {
  const [written] = parameterValues(line, 'PREF')
  return written !== undefined && /^\d{1,3}$/.test(written) ? Number(written) : undefined
}

function renamed(line: CardLine, rename: (parameter: Parameter, line: CardLine) => string): CardLine {
  if (line.parameters.length === 0) return line
  const taken = new Set(line.parameters.map(({ name }) => name))
  return changed(line, {
    parameters: line.parameters.map((parameter) => {
      const name = rename(parameter, line)
      return name === parameter.name || taken.has(name) ? parameter : { ...parameter, name }
    }),
  })
}

function to3Name({ name, values }: Parameter, line: CardLine): string {
  if (fourOnly.has(name)) return `X-${name}`
  if (name === 'X-CONTEXT') return 'CONTEXT'
  if (name === 'LANGUAGE') return withoutLanguage.includes(line.name) ? 'X-LANGUAGE' : name
  if (name === 'VALUE') return fourOnlyTypes.includes(values[0]?.toLowerCase() ?? '') ? 'X-VALUE' : name
  return name
}

function to4Name({ name, values }: Parameter, line: CardLine): string {
  if (name === 'CONTEXT') return 'X-CONTEXT'
  if (name === 'X-LANGUAGE' || name === 'X-PREF' || name === 'X-VALUE') return name.slice(2)
  if (!name.startsWith('X-') || values.length === 0) return name
  const plain = name.slice(2)
  if (!fourOnly.has(plain)) return name
  const where = fourOnly.get(plain)
  return where === undefined || where.includes(line.name) ? plain : name
}
