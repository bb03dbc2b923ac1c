import { daysInMonth } from '../ical/gregorian.ts'
import { parameterValues, unescapeText } from '../text/content-lines.ts'
import { readCard } from './card.ts'
import { anniversary, birthday, labelledDates } from './convert/anniversaries.ts'
import { readCardLines } from './convert/card-lines.ts'
import { type CardLine, type Groups, groupsOf, hasWord, type Lines } from './convert/line.ts'
import { contactSummary } from './index-fields.ts'

/** A day of somebody's that comes every year. */
export interface Occasion {
  readonly kind: 'birthday' | 'anniversary' | 'other'
  /** What the card calls one of the others; empty where it does not say. */
  readonly label: string
  /** The first one; undefined where nobody knows. */
  readonly year: number | undefined
  /** 1 to 12. */
  readonly month: number
  readonly day: number
}

/** Whose days they are. */
export interface Celebrated {
  /** FN, or the best name there is; empty when there is none. */
  readonly name: string
  /** The birthday, the anniversary, then the others as they stand on the card. */
  readonly occasions: readonly Occasion[]
}

/**
 * The days that come every year on a card of any version: birthday, anniversary and labelled dates, in whatever way
 * programs write them (see the table of conversions). A date without its month or day is none; a group has none.
 * @throws InvalidObjectError when it is not one whole card
 * @see RFC 6350 §4.3, §6.2.5, §6.2.6
 */
export function readOccasions(text: string): Celebrated {
  const nothing = { name: '', occasions: [] }
  if (!/BDAY|ANNIVERSARY|X-ABDATE/i.test(text)) return nothing
  const card = readCard(text)
  const { fn: name, kind } = contactSummary(card)
  if (kind === 'group') return nothing
  return { name, occasions: occasionsIn(as4(readCardLines(text, card))) }
}

/** With the year 1604 for none and the anniversaries of all programs as 4.0 has them. */
function as4(lines: Lines): Lines {
  return [birthday, anniversary, labelledDates].reduce((done, { to4 }) => to4?.(done) ?? done, lines)
}

function occasionsIn(lines: Lines): Occasion[] {
  const groups = groupsOf(lines)
  const found = lines.flatMap((line) => occasionOf(line, groups) ?? [])
  const first = (kind: Occasion['kind']) => found.filter((one) => one.kind === kind).slice(0, 1)
  const main = [...first('birthday'), ...first('anniversary')]
  return [...main, ...found.filter(({ kind }) => kind === 'other')]
}

function occasionOf(line: CardLine, groups: Groups): Occasion | undefined {
  const named = kindOf(line, groups)
  const date = named && dateOf(line)
  return date && { ...named, ...date }
}

function kindOf(line: CardLine, groups: Groups): Pick<Occasion, 'kind' | 'label'> | undefined {
  switch (line.name) {
    case 'BDAY':
      return { kind: 'birthday', label: '' }
    case 'ANNIVERSARY':
      return { kind: 'anniversary', label: '' }
    case 'X-ABDATE': {
      const label = plainLabel(groups.labelOf(line) ?? '')
      return /^anniversary$/i.test(label) ? { kind: 'anniversary', label: '' } : { kind: 'other', label }
    }
    default:
      return undefined
  }
}

/** Apple marks its own words, which programs translate (ABK-07). */
function plainLabel(label: string): string {
  const plain = unescapeText(label).replace(/^_\$!<(.*)>!\$_$/s, '$1')
  return plain.replace(/\s+/g, ' ').trim()
}

/** Programs that have no date without a year write one before any that people are known from: 1604, which is a leap year, or 0001. */
const noYear = 1604

function dateOf(line: CardLine): Pick<Occasion, 'year' | 'month' | 'day'> | undefined {
  if (hasWord(line, 'VALUE', 'text') || !isGregorian(line)) return undefined
  const [, years, months, days] = /^(?:(\d{4})|--)(\d\d)(\d\d)(?:T.*)?$/.exec(line.value.trim()) ?? []
  if (months === undefined || days === undefined) return undefined
  const year = years === undefined || Number(years) <= noYear ? undefined : Number(years)
  const [month, day] = [Number(months), Number(days)]
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year ?? noYear, month)) return undefined
  return { year, month, day }
}

function isGregorian(line: CardLine): boolean {
  const calendars = [...parameterValues(line, 'CALSCALE'), ...parameterValues(line, 'X-CALSCALE')]
  return calendars.every((calendar) => calendar.toLowerCase() === 'gregorian')
}
