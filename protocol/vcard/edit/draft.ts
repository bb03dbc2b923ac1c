import { escapeTextValue, type Parameter, withoutControls } from '../../text/content-lines.ts'
import { writeLine } from '../../text/write-line.ts'

/** A card that is being made of something that is none: a row of a table, an entry of a directory. */
export interface CardDraft {
  readonly name: NameParts
  fn: string
  readonly lines: DraftLine[]
  /** What could not be taken over as it was. */
  readonly notes: string[]
}

/** Plain text; empty where there is none. */
export type NameParts = Record<'family' | 'given' | 'additional' | 'prefix' | 'suffix', string>

export interface DraftLine {
  readonly name: string
  /** In upper case. */
  readonly types?: readonly string[]
  readonly parameters?: readonly Parameter[]
  /** Written as it is, escapes and all. */
  readonly value: string
  /** What the user calls it, where no type says it (ABK: itemN.X-ABLabel). */
  readonly label?: string | undefined
}

export function newDraft(): CardDraft {
  const name = { family: '', given: '', additional: '', prefix: '', suffix: '' }
  return { name, fn: '', lines: [], notes: [] }
}

/** Adds a line of text, where there is any. */
export function addText(draft: CardDraft, line: Omit<DraftLine, 'value'>, text: string): void {
  const clean = withoutControls(text).trim()
  if (clean !== '') draft.lines.push({ ...line, value: escapeTextValue(clean) })
}

/** Adds what no property of a card stands for, so that it is not lost. @param field  as the source calls it */
export function addUnknown(draft: CardDraft, field: string, text: string): void {
  const parameters = [{ name: 'X-FIELD', values: [withoutControls(field).trim().slice(0, 100)] }]
  addText(draft, { name: 'X-IMPORTED', parameters }, text)
}

/** The components of a structured value, escaped, without empty ones at its end where it may be shorter. */
export function structured(parts: readonly string[]): string {
  return parts.map((part) => escapeTextValue(withoutControls(part).trim())).join(';')
}

/** The name to show: what was given, else made of its parts, else the best there is. */
export function draftName({ fn, name, lines }: CardDraft): string {
  const given = withoutControls(fn).trim()
  if (given !== '') return given
  const { prefix, given: first, additional, family, suffix } = name
  const whole = [prefix, first, additional, family, suffix].map((part) => part.trim()).filter(Boolean)
  if (whole.length > 0) return withoutControls(whole.join(' '))
  for (const property of ['NICKNAME', 'ORG', 'EMAIL', 'TEL']) {
    const value = lines.find((line) => line.name === property)?.value.replace(/;.*$/s, '')
    if (value) return value.replace(/\\(.)/gs, '$1')
  }
  return ''
}

/** Whether there is nothing in it by which anybody could be known or reached. */
export function isEmptyDraft(draft: CardDraft): boolean {
  return draftName(draft) === '' && !draft.lines.some(({ name }) => /^(?:ADR|URL|IMPP)$/.test(name))
}

/** The card as vCard 3.0. @see RFC 2426 */
export function writeDraft(draft: CardDraft, uid: string): string {
  const { family, given, additional, prefix, suffix } = draft.name
  const fn = draftName(draft)
  let text = 'BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Farley//Import//EN\r\n'
  text += writeLine('UID', [], escapeTextValue(uid))
  text += writeLine('FN', [], escapeTextValue(fn))
  const isNamed = [family, given, additional, prefix, suffix].some((part) => part.trim() !== '')
  // What has no parts is shown whole: Apple shows N, not FN.
  text += writeLine(
    'N',
    [],
    structured(isNamed ? [family, given, additional, prefix, suffix] : ['', fn, '', '', '']),
  )
  if (!isNamed && draft.lines.some((line) => line.name === 'ORG' && line.value === escapeTextValue(fn))) {
    text += writeLine('X-ABShowAs', [], 'COMPANY')
  }
  let item = 0
  for (const { name, types = [], parameters = [], value, label } of draft.lines) {
    const typed = types.length > 0 ? [{ name: 'TYPE', values: types }, ...parameters] : parameters
    if (label === undefined || label === '') {
      text += writeLine(name, typed, oneLine(value))
      continue
    }
    item += 1
    text += writeLine(`item${item}.${name}`, typed, oneLine(value))
    text += writeLine(`item${item}.X-ABLabel`, [], escapeTextValue(withoutControls(label)))
  }
  return `${text}END:VCARD\r\n`
}

/** What has no escapes, an address say, cannot hold a line end either. */
function oneLine(value: string): string {
  return withoutControls(value).replace(/\s*[\r\n]+\s*/g, ' ')
}
