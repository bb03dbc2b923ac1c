import {
  escapeTextValue,
  parameterValues,
  splitValue,
  unescapeText,
} from '../../../../protocol/text/content-lines.ts'
import { readCard } from '../../../../protocol/vcard/card.ts'
import { readCardLines, writeCardLines } from '../../../../protocol/vcard/convert/card-lines.ts'
import {
  type CardLine,
  isUri,
  type Lines,
  newLine,
  wordsOf,
} from '../../../../protocol/vcard/convert/line.ts'
import { type CardVersion, convertCard } from '../../../../protocol/vcard/convert.ts'
import { isRider } from '../../../../protocol/vcard/merge/instances.ts'

/** How a kind of client writes a card that its user has edited in no way, or as `edit` says. */
export interface Dialect {
  readonly kind: string
  /** What it is served. */
  readonly version: CardVersion
  readonly write: (lines: Lines) => Lines
}

/** A property and its label, as programs keep them. */
interface Entry {
  readonly line: CardLine
  readonly label: string | undefined
}

/** What a client of the kind is served, of a card as it is stored. */
export function servedTo({ version }: Dialect, stored: string): string {
  return convertCard(stored, version)
}

/** What it sends back after its user has done something to the lines. */
export function sentBy(
  dialect: Dialect,
  served: string,
  edit: (lines: Lines) => Lines = (all) => all,
): string {
  const version = newLine('VERSION', dialect.version)
  const lines = edit(readCardLines(served, readCard(served))).filter(({ name }) => name !== 'VERSION')
  return writeCardLines([version, ...dialect.write(lines).map(({ raw: _, ...line }) => line)])
}

const appleNames =
  'N FN NICKNAME X-MAIDENNAME X-PHONETIC-FIRST-NAME X-PHONETIC-MIDDLE-NAME X-PHONETIC-LAST-NAME X-PHONETIC-ORG ORG TITLE EMAIL TEL ADR X-SOCIALPROFILE NOTE URL BDAY X-AIM X-ICQ X-JABBER X-MSN X-YAHOO IMPP X-ABDATE X-ABRELATEDNAMES X-ABSHOWAS X-ADDRESSBOOKSERVER-KIND X-ADDRESSBOOKSERVER-MEMBER PHOTO UID'.split(
    ' ',
  )
const appleParameters = 'TYPE X-SERVICE-TYPE X-USER X-USERID X-DISPLAYNAME ENCODING VALUE'.split(' ')
const appleSingle = 'N FN NICKNAME ORG TITLE NOTE BDAY PHOTO'.split(' ')
const multiple = 'EMAIL TEL ADR URL IMPP X-SOCIALPROFILE X-ABDATE X-ABRELATEDNAMES'.split(' ')

/** Contacts on iOS and macOS: the whole card anew, in its own order, with item groups counted from 1 (ABK-07). */
const apple: Dialect = {
  kind: 'apple',
  version: '3.0',
  write: (lines) => {
    const entries = entriesOf(lines).filter(({ line }) => line.value.trim() !== '')
    let item = 0
    const done = appleNames.flatMap((name) => {
      const own = entries
        .filter(({ line }) => line.name === name)
        .slice(0, appleSingle.includes(name) ? 1 : undefined)
      const isRanked = own.some(({ line }) => wordsOf(line, 'TYPE').includes('pref'))
      return own.flatMap((entry, at) => {
        const pref = multiple.includes(name) && !isRanked && at === 0 ? ['pref'] : []
        const line = appleLine(entry.line, pref)
        const riders = [
          ...(entry.label === undefined ? [] : [newLine('X-ABLABEL', entry.label)]),
          ...(name === 'ADR' ? [newLine('X-ABADR', 'us')] : []),
        ]
        item += riders.length > 0 ? 1 : 0
        return riders.length === 0
          ? [line]
          : [line, ...riders].map((one) => ({ ...one, group: `item${item}` }))
      })
    })
    const name = lines.find((line) => line.name === 'N')
    const made = name && fullName(name.value)
    const named = made ? done.map((line) => (line.name === 'FN' ? { ...line, value: made } : line)) : done
    return [
      newLine('PRODID', '-//Apple Inc.//iOS 18.5//EN'),
      ...named,
      newLine('REV', '2026-02-03T04:05:06Z'),
    ]
  },
}

function appleLine(line: CardLine, more: readonly string[]): CardLine {
  const media = line.name === 'PHOTO'
  const idle = line.name === 'TEL' ? ['VOICE'] : line.name === 'EMAIL' ? ['INTERNET'] : []
  const types = media
    ? parameterValues(line, 'TYPE')
    : wordsOf(line, 'TYPE').map((word) => word.toUpperCase())
  const kept = line.parameters.filter(({ name }) => name !== 'TYPE' && appleParameters.includes(name))
  const all = [...new Set([...types, ...idle, ...more])].filter((word) => word !== '')
  return {
    ...line,
    group: undefined,
    parameters: [...kept, ...all.map((word) => ({ name: 'TYPE', values: [word] }))],
  }
}

const davx5Single = 'FN N NICKNAME ORG TITLE ROLE BDAY ANNIVERSARY UID'.split(' ')
const davx5Known = [
  ...davx5Single,
  ...'KIND MEMBER CATEGORIES TEL EMAIL IMPP URL ADR X-ABDATE RELATED NOTE PHOTO'.split(' '),
]
const davx5Dropped = 'PRODID REV SORT-STRING SOURCE LABEL'.split(' ')

/** DAVx5: what it knows, the last of what may be there once, what it does not know as it was. */
const davx5: Dialect = {
  kind: 'davx5',
  version: '4.0',
  write: (lines) => {
    const entries = entriesOf(lines).filter(({ line }) => isDavx5Kept(line))
    const named = (name: string): Entry[] => entries.filter(({ line }) => line.name === name)
    let item = 40
    const known = davx5Known.flatMap((name) => {
      const own = davx5Single.includes(name) ? named(name).slice(-1) : davx5Lists(name, named(name))
      return own.flatMap(({ line, label }): CardLine[] => {
        const plain = { ...line, group: undefined, value: name === 'N' ? inWords(line.value) : line.value }
        const bare = {
          ...plain,
          parameters: line.parameters.filter((one) => /^(?:TYPE|PREF|VALUE)$/.test(one.name)),
        }
        if (label === undefined) return [bare]
        item += 1
        return [newLine('X-ABLABEL', label), bare].map((one) => ({ ...one, group: `item${item}` }))
      })
    })
    const groups = new Set(
      lines.filter(({ name }) => isUnknown(name) && !isRider({ name })).map(({ group }) => group),
    )
    const rest = lines.filter(({ name, group }) =>
      isRider({ name }) ? group && groups.has(group) : isUnknown(name),
    )
    return [
      newLine('PRODID', '+//IDN bitfire.at//DAVx5/4.4'),
      ...known,
      ...rest,
      newLine('REV', '20260203T040506Z'),
    ]
  },
}

function isUnknown(name: string): boolean {
  return !davx5Known.includes(name) && !davx5Dropped.includes(name) && name !== 'X-ABLABEL'
}

function isDavx5Kept(line: CardLine): boolean {
  if (line.name === 'RELATED' && isUri(line.value) && !wordsOf(line, 'VALUE').includes('text')) return false
  return line.value.trim() !== ''
}

function davx5Lists(name: string, own: readonly Entry[]): readonly Entry[] {
  const [first] = own
  if (!first || own.length < 2) return own
  const values = own.map(({ line }) => line.value)
  if (name === 'NOTE') return [{ label: undefined, line: { ...first.line, value: values.join('\\n\\n\\n') } }]
  if (name === 'CATEGORIES') return [{ label: undefined, line: { ...first.line, value: values.join(',') } }]
  return name === 'PHOTO' ? [first] : own
}

/** Each word of the additional names, prefixes and suffixes is one of a list. */
function inWords(value: string): string {
  return splitValue(value, ';')
    .slice(0, 5)
    .map((part, at) => (at < 2 ? part : wordsIn(part).map(escapeTextValue).join(',')))
    .join(';')
}

function wordsIn(part: string): readonly string[] {
  const text = splitValue(part, ',').map(unescapeText).join(' ')
  return text.split(' ').filter((word) => word !== '')
}

/** Thunderbird: all that was there, unfolded and folded again. */
const thunderbird: Dialect = { kind: 'thunderbird', version: '4.0', write: (lines) => lines }

/** KContacts: by name, without what it does not know and no X- says. */
const kde: Dialect = {
  kind: 'kde',
  version: '4.0',
  write: (lines) => {
    const lost =
      /^(?:AGENT|LABEL|RELATED|BIRTHPLACE|DEATH.*|EXPERTISE|HOBBY|INTEREST|PRONOUNS|GRAMGENDER|XML)$/
    const lastNote = lines.findLast(({ name }) => name === 'NOTE')
    const bare = (line: CardLine): CardLine => ({
      ...line,
      parameters: line.parameters.filter(({ name }) => /^(?:TYPE|PREF|VALUE|ENCODING|MEDIATYPE)$/.test(name)),
    })
    return lines
      .filter((line) => (line.group || !lost.test(line.name)) && (line.name !== 'NOTE' || line === lastNote))
      .map(bare)
      .sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0))
  },
}

const outlookNames =
  'FN N NICKNAME CATEGORIES CLASS EMAIL TEL ADR BDAY ORG TITLE URL NOTE PHOTO KEY IMPP UID'.split(' ')
const outlookMost: Readonly<Record<string, number>> = {
  EMAIL: 3,
  ADR: 3,
  URL: 3,
  NOTE: 1,
  IMPP: 1,
  ORG: 1,
  TITLE: 1,
  PHOTO: 1,
  KEY: 1,
}

/** CalDav Synchronizer: the few that Outlook has fields for. */
const outlook: Dialect = {
  kind: 'outlook',
  version: '3.0',
  write: (lines) =>
    outlookNames.flatMap((name) =>
      entriesOf(lines)
        .filter(({ line }) => line.name === name && line.value.trim() !== '')
        .slice(0, outlookMost[name])
        .map(({ line, label }) => ({
          ...line,
          group: label === undefined ? undefined : line.group,
          parameters: line.parameters.filter((one) => /^(?:TYPE|VALUE|ENCODING)$/.test(one.name)),
        }))
        .flatMap((line) => [
          line,
          ...lines.filter((one) => one.name === 'X-ABLABEL' && one.group === line.group && line.group),
        ]),
    ),
}

export const zoo: readonly Dialect[] = [apple, davx5, thunderbird, kde, outlook]

function entriesOf(lines: Lines): readonly Entry[] {
  return lines
    .filter((line) => !isRider(line))
    .map((line) => {
      const group = line.group?.toLowerCase()
      const label = lines.find(
        (one) => one.name === 'X-ABLABEL' && group && one.group?.toLowerCase() === group,
      )
      return { line, label: label?.value }
    })
}

function fullName(value: string): string | undefined {
  const parts = splitValue(value, ';').map((part) => splitValue(part, ',').map(unescapeText).join(' ').trim())
  const [family, given, middle, prefix, suffix] = parts
  const made = [prefix, given, middle, family, suffix].filter((part) => part).join(' ')
  return made === '' ? undefined : escapeTextValue(made)
}
