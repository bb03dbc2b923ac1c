import { splitValue, unescapeText, unescapeUri } from '../../text/content-lines.ts'
import { fold } from '../../text/fold.ts'
import type { Card } from '../card.ts'
import type { LabelledList } from './labelled.ts'
import { readLabel } from './labels.ts'

/** A value that somebody has given a label of his own, for an index. */
export interface LabelledRow {
  readonly list: LabelledList
  /** Without case and accents, without Apple's marks. */
  readonly label: string
  /** Plain text; a date as 2026-12-31 or --12-31, as far as it can be read. */
  readonly value: string
}

const listOf: ReadonlyMap<string, LabelledList> = new Map([
  ['TEL', 'phones'],
  ['EMAIL', 'mails'],
  ['ADR', 'addresses'],
  ['URL', 'urls'],
  ['X-ABDATE', 'dates'],
  ['RELATED', 'related'],
  ['X-ABRELATEDNAMES', 'related'],
])

/** Rows of one card at most, and characters of a label or a value. */
const mostRows = 100
const mostCharacters = 500

/** The labelled values of a card, in its order. @see ABK-07 for X-ABLabel */
export function labelledRows(card: Pick<Card, 'lines'>): LabelledRow[] {
  const labels = new Map<string, string>()
  for (const { group, name, value } of card.lines)
    if (name === 'X-ABLABEL' && group !== undefined && !labels.has(group.toLowerCase()))
      labels.set(group.toLowerCase(), value)
  if (labels.size === 0) return []
  const rows: LabelledRow[] = []
  for (const { group, name, value } of card.lines) {
    const list = listOf.get(name)
    const written = group === undefined ? undefined : labels.get(group.toLowerCase())
    if (list === undefined || written === undefined) continue
    const label = fold(readLabel(written).text).slice(0, mostCharacters)
    const plain = plainValue(list, value).slice(0, mostCharacters)
    if (label !== '' && plain !== '') rows.push({ list, label, value: plain })
    if (rows.length >= mostRows) break
  }
  return rows
}

function plainValue(list: LabelledList, value: string): string {
  switch (list) {
    case 'dates':
      return plainDate(value.trim())
    case 'urls':
      return unescapeUri(value).trim()
    case 'addresses':
      return splitValue(value, ';')
        .map((part) => unescapeText(part).trim())
        .filter((part) => part !== '')
        .join(', ')
    default:
      return unescapeText(value).trim()
  }
}

/** 1604 stands for no year where a program has no date without one. */
function plainDate(value: string): string {
  const [, year, month, day] = /^(?:(\d{4})-?|--)(\d\d)-?(\d\d)(?:T.*)?$/.exec(value) ?? []
  if (month === undefined || day === undefined) return unescapeText(value)
  const isKnown = year !== undefined && Number(year) > 1604
  return `${isKnown ? year : '-'}-${month}-${day}`
}
