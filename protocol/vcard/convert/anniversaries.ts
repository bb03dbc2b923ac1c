import type { Conversion } from './conversion.ts'
import { dateTo3, dateTo4, isDate3, timestampTo3, timestampTo4 } from './dates.ts'
import { type CardLine, changed, each, type Groups, groupsOf, type Lines, newLine, without } from './line.ts'

export const birthday: Conversion = {
  about: '`BDAY`',
  three: '`BDAY:1980-03-22`; without a year `BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-22`',
  four: '`BDAY:19800322`; without a year `BDAY:--0322`',
  note: 'The year 1604 means none with Apple’s mark and without it (ABK-07). What 3.0 has no date for (a year or a month alone, a text, another calendar) is kept there as `X-BDAY`.',
  rfc: 'RFC 2426 §3.1.5, RFC 6350 §4.3, §6.2.5',
  to4: (lines) => {
    const has = lines.some(({ name }) => name === 'BDAY')
    const kept = has ? undefined : lines.find(({ name }) => name === 'X-BDAY')
    return lines.map((line) => {
      if (line.name !== 'BDAY' && line !== kept) return line
      return dateTo4(changed(line, { name: 'BDAY' }))
    })
  },
  to3: each(['BDAY'], (line) => dateTo3(line) ?? changed(line, { name: 'X-BDAY' })),
  examples: [
    { three: ['BDAY:1980-03-22'], four: ['BDAY:19800322'] },
    { three: ['BDAY;VALUE=date:1980-03-22'], four: ['BDAY:19800322'], only: 'to 4.0' },
    { three: ['BDAY:1953-10-15T23:10:00Z'], four: ['BDAY:19531015T231000Z'] },
    { three: ['BDAY:1987-09-27T08:30:00-06:00'], four: ['BDAY:19870927T083000-0600'] },
    { three: ['BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-01'], four: ['BDAY:--0501'] },
    { three: ['BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29'], four: ['BDAY:--0229'] },
    { three: ['BDAY:1604-05-01'], four: ['BDAY:--0501'], only: 'to 4.0' },
    { three: ['BDAY;VALUE=date;X-APPLE-OMIT-YEAR=1900:1900-05-01'], four: ['BDAY:--0501'], only: 'to 4.0' },
    { three: ['BDAY:--05-01'], four: ['BDAY:--0501'], only: 'to 4.0' },
    { three: ['X-BDAY:---15'], four: ['BDAY:---15'] },
    { three: ['X-BDAY:1985'], four: ['BDAY:1985'] },
    { three: ['X-BDAY:1985-04'], four: ['BDAY:1985-04'] },
    { three: ['X-BDAY;VALUE=text:circa 1800'], four: ['BDAY;VALUE=text:circa 1800'] },
    { three: ['X-BDAY;X-CALSCALE=chinese:46800411'], four: ['BDAY;CALSCALE=chinese:46800411'] },
    { three: ['BDAY:12/05/1970'], four: ['BDAY:12/05/1970'] },
  ],
}

/** How programs write the one anniversary of a person in 3.0, the most telling first. */
const kept = ['X-ANNIVERSARY', 'X-EVOLUTION-ANNIVERSARY', 'X-KADDRESSBOOK-X-ANNIVERSARY', 'X-MS-ANNIVERSARY']
const appleAnniversary = '_$!<Anniversary>!$_'

export const anniversary: Conversion = {
  about: '`ANNIVERSARY`',
  three: '`X-ABDATE` with the label `_$!<Anniversary>!$_`, and `X-ANNIVERSARY`',
  four: '`ANNIVERSARY`',
  note: `Read from ${kept.map((name) => `\`${name}\``).join(', ')} and \`X-ABDATE\`; those of the same date become one, another date is kept as it is. Dates as with \`BDAY\`.`,
  rfc: 'RFC 6350 §6.2.6',
  to4: anniversaryTo4,
  to3: each(['ANNIVERSARY'], anniversaryTo3),
  examples: [
    {
      three: ['item1.X-ABDATE:2010-06-12', 'item1.X-ABLabel:_$!<Anniversary>!$_', 'X-ANNIVERSARY:2010-06-12'],
      four: ['ANNIVERSARY:20100612'],
    },
    {
      three: [
        'item1.X-ABDATE;X-APPLE-OMIT-YEAR=1604:1604-02-29',
        'item1.X-ABLabel:_$!<Anniversary>!$_',
        'X-ANNIVERSARY;X-APPLE-OMIT-YEAR=1604:1604-02-29',
      ],
      four: ['ANNIVERSARY:--0229'],
    },
    { three: ['X-EVOLUTION-ANNIVERSARY:1980-03-22'], four: ['ANNIVERSARY:19800322'], only: 'to 4.0' },
    {
      three: ['item3.X-ABDATE;type=pref:1975-03-01', 'item3.X-ABLabel:_$!<Anniversary>!$_'],
      four: ['ANNIVERSARY:19750301'],
      only: 'to 4.0',
    },
    {
      three: ['X-ANNIVERSARY:2010-06-12', 'X-EVOLUTION-ANNIVERSARY:2011-06-12'],
      four: ['ANNIVERSARY:20100612', 'X-EVOLUTION-ANNIVERSARY:2011-06-12'],
      only: 'to 4.0',
    },
    { three: ['X-ANNIVERSARY:2010'], four: ['ANNIVERSARY:2010'] },
    { three: ['X-ANNIVERSARY;VALUE=text:in May'], four: ['ANNIVERSARY;VALUE=text:in May'] },
  ],
}

export const labelledDates: Conversion = {
  about: '`X-ABDATE`',
  three: '`item1.X-ABDATE:2010-06-12` with its `X-ABLabel`',
  four: '`item1.X-ABDATE:20100612` with its `X-ABLabel`',
  note: 'Dates as with `BDAY`.',
  rfc: 'RFC 6350 §6.10',
  to4: each(['X-ABDATE'], dateTo4),
  to3: each(['X-ABDATE'], (line) => dateTo3(line) ?? line),
  examples: [
    {
      three: ['item1.X-ABDATE:2010-06-12', 'item1.X-ABLabel:Contract'],
      four: ['item1.X-ABDATE:20100612', 'item1.X-ABLabel:Contract'],
    },
    { three: ['X-ABDATE;X-APPLE-OMIT-YEAR=1604:1604-06-12'], four: ['X-ABDATE:--0612'] },
  ],
}

export const revision: Conversion = {
  about: '`REV`',
  three: '`REV:2008-04-24T19:52:43Z`',
  four: '`REV:20080424T195243Z`',
  rfc: 'RFC 2426 §3.6.4, RFC 6350 §6.7.4',
  to4: each(['REV'], timestampTo4),
  to3: each(['REV'], timestampTo3),
  examples: [
    { three: ['REV:2008-04-24T19:52:43Z'], four: ['REV:20080424T195243Z'] },
    { three: ['REV:1997-11-15'], four: ['REV:19971115T000000Z'], only: 'to 4.0' },
    { three: ['REV:2012-03-05T13:32:54.123Z'], four: ['REV:20120305T133254Z'], only: 'to 4.0' },
    {
      three: ['REV:2021-03-14T09:28:38Z'],
      four: ['REV;VALUE=date-and-or-time:20210314T092838Z'],
      only: 'to 3.0',
    },
  ],
}

function anniversaryTo4(lines: Lines): Lines {
  const groups = groupsOf(lines)
  const candidates = lines.filter((line) => isAnniversary(line, groups))
  const apple = new Set(candidates.flatMap((line) => (line.name === 'X-ABDATE' ? dateTo4(line).value : [])))
  const ranks = new Map(candidates.map((line) => [line, rank(line, apple)]))
  const best = candidates.reduce((least, line) => Math.min(least, rank(line, apple)), kept.length)
  const base = candidates.find((line) => ranks.get(line) === best)
  if (base === undefined) return lines
  const { value } = dateTo4(base)
  const same = new Set(candidates.filter((line) => line !== base && dateTo4(line).value === value))
  const labelled = candidates.filter((line) => line.name === 'X-ABDATE' && (line === base || same.has(line)))
  const emptied = new Set(labelled.map(({ group }) => group?.toLowerCase()))
  return lines.flatMap((line) => {
    if (line === base) return asAnniversary(line)
    const isGone = same.has(line) || (line.name === 'X-ABLABEL' && emptied.has(line.group?.toLowerCase()))
    return isGone ? [] : line
  })
}

/** Apple's has a group of two lines; any other line of the group would lose what it belongs to. */
function isAnniversary(line: CardLine, groups: Groups): boolean {
  if (line.name === 'ANNIVERSARY' || kept.includes(line.name)) return true
  return (
    line.name === 'X-ABDATE' &&
    line.group !== undefined &&
    groups.labelOf(line) === appleAnniversary &&
    groups.sizeOf(line) === 2
  )
}

/** One that Apple's date agrees with goes before the others. */
function rank(line: CardLine, apple: ReadonlySet<string>): number {
  if (line.name === 'ANNIVERSARY') return -2
  if (line.name === 'X-ABDATE') return kept.length
  return line.name === 'X-ANNIVERSARY' && apple.has(dateTo4(line).value) ? -1 : kept.indexOf(line.name)
}

function asAnniversary(line: CardLine): CardLine {
  if (line.name !== 'X-ABDATE') return dateTo4(changed(line, { name: 'ANNIVERSARY' }))
  const parameters = without(line.parameters, 'PREF')
  return dateTo4(changed(line, { name: 'ANNIVERSARY', group: undefined, parameters }))
}

function anniversaryTo3(line: CardLine, groups: Groups): Lines {
  const dated = dateTo3(line)
  const own = changed(dated ?? line, { name: 'X-ANNIVERSARY' })
  if (dated === undefined || !isDate3(dated.value) || line.group !== undefined) return [own]
  const group = groups.take()
  const parameters = dated.parameters.filter(({ name }) => name === 'X-APPLE-OMIT-YEAR')
  return [
    { ...newLine('X-ABDATE', dated.value, parameters), group },
    { ...newLine('X-ABLABEL', appleAnniversary), group },
    own,
  ]
}
