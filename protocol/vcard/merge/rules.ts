import { parameterValues } from '../../text/content-lines.ts'
import { type CardLine, isUri } from '../convert/line.ts'

/** What one kind of client cannot hold, so that its silence about it says nothing. */
export interface MergeRules {
  readonly kind: string
  /** Properties that it holds; all but `cannotHold` where they are not given. */
  readonly holds?: readonly string[]
  readonly cannotHold?: readonly string[]
  /** Lines that it cannot hold for what they are, and what that is. */
  readonly cannotHoldLine?: { readonly about: string; readonly is: (line: CardLine) => boolean }
  /** How many of a property it shows where a card has more: the first or the last; the others are not gone for not being sent. */
  readonly first?: Readonly<Record<string, number>>
  readonly last?: Readonly<Record<string, number>>
  /** Parameters that it keeps; the words of TYPE, the preferred one and what belongs to the value are always looked at. */
  readonly parameters: readonly string[] | 'all'
  /** Whether it makes one NOTE of several. */
  readonly joinsNotes?: boolean
  /** Whether it makes FN of N by itself. */
  readonly rebuildsName?: boolean
  /** Where this is known from. */
  readonly source: string
}

/** Octets of base64 above which DAVx5 drops a logo or a sound: 25 KiB of data. */
const largestBinary = Math.ceil((25 * 1024 * 4) / 3)

const registeredSince =
  'BIRTHPLACE DEATHPLACE DEATHDATE EXPERTISE HOBBY INTEREST ORG-DIRECTORY CONTACT-URI CREATED GRAMGENDER LANGUAGE PRONOUNS SOCIALPROFILE JSPROP XML CLIENTPIDMAP'

/** The rules by kind of client; a kind that is not here is not merged for. */
export const mergeRules: readonly MergeRules[] = [
  {
    kind: 'apple',
    holds: words(
      `FN N NICKNAME X-MAIDENNAME X-PHONETIC-FIRST-NAME X-PHONETIC-MIDDLE-NAME X-PHONETIC-LAST-NAME X-PHONETIC-ORG ORG TITLE
      TEL EMAIL ADR URL IMPP X-SOCIALPROFILE X-AIM X-ICQ X-JABBER X-MSN X-YAHOO BDAY X-ALTBDAY X-ABDATE X-ABRELATEDNAMES
      X-ABSHOWAS NOTE PHOTO X-ADDRESSBOOKSERVER-KIND X-ADDRESSBOOKSERVER-MEMBER`,
    ),
    parameters: words('X-SERVICE-TYPE X-USER X-USERID X-DISPLAYNAME X-TEAMIDENTIFIER X-BUNDLEIDENTIFIERS'),
    first: { FN: 1, N: 1, NICKNAME: 1, ORG: 1, TITLE: 1, BDAY: 1, NOTE: 1, PHOTO: 1 },
    rebuildsName: true,
    source: 'ABK-07; Contacts rewrites the whole card; whether unknown X- survives is not proven',
  },
  {
    kind: 'davx5',
    cannotHold: words('SOURCE SORT-STRING LABEL'),
    cannotHoldLine: {
      about: '`LOGO` and `SOUND` above 25 KiB; `RELATED` that is a URI',
      is: (line) =>
        ((line.name === 'LOGO' || line.name === 'SOUND') && line.value.length > largestBinary) ||
        (line.name === 'RELATED' && isUri(line.value) && parameterValues(line, 'VALUE')[0] !== 'text'),
    },
    first: { PHOTO: 1 },
    last: { FN: 1, N: 1, NICKNAME: 1, ORG: 1, TITLE: 1, ROLE: 1, BDAY: 1, ANNIVERSARY: 1 },
    parameters: [],
    joinsNotes: true,
    rebuildsName: true,
    source: 'DVX; vcard4android ContactReader and ContactWriter',
  },
  {
    kind: 'thunderbird',
    parameters: 'all',
    source: 'TBA; the properties of the card are kept whole',
  },
  {
    kind: 'evolution',
    parameters: 'all',
    source: 'EVO; the attributes of the card are kept whole',
  },
  {
    kind: 'kde',
    cannotHold: words(`AGENT LABEL RELATED ${registeredSince}`),
    last: { NOTE: 1, BDAY: 1, ANNIVERSARY: 1, GEO: 1, TZ: 1, 'SORT-STRING': 1 },
    parameters: [],
    source: 'KDE; KContacts vcardtool.cpp',
  },
  {
    kind: 'outlook',
    holds: words('FN N NICKNAME CATEGORIES CLASS EMAIL TEL ADR BDAY ORG TITLE URL NOTE PHOTO KEY IMPP'),
    first: { EMAIL: 3, ADR: 3, URL: 3, NOTE: 1, IMPP: 1, ORG: 1, TITLE: 1, PHOTO: 1, KEY: 1, BDAY: 1 },
    parameters: [],
    source: 'OCS; CalDav Synchronizer ContactEntityMapper.cs',
  },
]

/** A card against itself: all that is gone is gone. */
export const wholeCard: MergeRules = { kind: 'whole', parameters: 'all', source: 'RFC 6352 §6.3.2' }

/** Never gone for not being sent. X-ABLABEL is here only where it labels nothing. */
const lasting: ReadonlySet<string> = new Set(['UID', 'X-ABLABEL', 'X-ABADR', 'X-UNREADABLE'])

/** Whether a client of the kind would send a line if its user had not taken it away. */
export function holds(rules: MergeRules, line: CardLine): boolean {
  const { name, value } = line
  if (rules === wholeCard) return name !== 'UID'
  // Nobody sends lines that say nothing.
  if (value.trim() === '') return false
  if (lasting.has(name) || rules.cannotHold?.includes(name)) return false
  if (rules.holds && !rules.holds.includes(name)) return false
  return !rules.cannotHoldLine?.is(line)
}

/** Whether a client of the kind would send a parameter. */
export function holdsParameter({ parameters }: MergeRules, name: string): boolean {
  return parameters === 'all' || parameters.includes(name)
}

function words(text: string): readonly string[] {
  return text.split(/\s+/)
}
