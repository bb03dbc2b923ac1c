import { escapeTextValue } from '../../text/content-lines.ts'
import { readCard } from '../card.ts'
import { changed } from '../convert/line.ts'
import { contactSummary } from '../index-fields.ts'
import { changeCategories } from '../lists.ts'
import { addValue, changeOrg, changeValue, removeValue } from './edit-values.ts'
import type { CardEdit, Employer } from './edits.ts'
import { isBlank, oneLine } from './lists/list-type.ts'
import { textOf, withText } from './lists/texts.ts'
import { readName, writeName, writeText } from './names.ts'
import { closeCard, entriesNamed, linesOf, type OpenCard, openCard } from './open-card.ts'
import { setPhoto } from './photo.ts'
import { categoriesOf } from './read-details.ts'
import { setAnniversary, setBirthday, setGender, setKind, setNicknames, setText } from './singles.ts'

/**
 * Edits a card in its own version and dialect. Every line that no edit is about stays byte for byte (law 6); without an
 * effect the text is the very same. A name to show that was made of the parts of the name is made of them again.
 * @param now  epoch milliseconds, for the REV of a card that has one
 * @throws InvalidObjectError when it is not one whole card, or has lines of very many parameters
 * @throws NoSuchValueError when an edit names a value that is not there
 */
export function editCard(text: string, edits: readonly CardEdit[], now?: number): string {
  const keepsShown = edits.some((edit) => edit.op === 'text' && edit.property === 'fn')
  const categories = edits.findLast((edit) => edit.op === 'categories')
  const labelled = withCategories(text, categories?.values)
  const edited = editWith(labelled, (card) => {
    for (const edit of edits) apply(card, edit, keepsShown)
  })
  return revised(edited, text, now)
}

/** The same by whatever edits an open card. */
export function editWith(text: string, edit: (card: OpenCard) => void, now?: number): string {
  const card = openCard(text)
  edit(card)
  return revised(closeCard(card), text, now)
}

function revised(edited: string, text: string, now: number | undefined): string {
  if (edited === text || now === undefined) return edited
  const card = openCard(edited)
  revise(card, now)
  return closeCard(card)
}

/**
 * A card of which there was none before.
 * @param uid  as it is to stand in it
 */
export function newCard(uid: string, edits: readonly CardEdit[], version: '3.0' | '4.0' = '3.0'): string {
  const frame = [
    'BEGIN:VCARD',
    `VERSION:${version}`,
    'PRODID:-//Farley//Web//EN',
    `UID:${escapeTextValue(uid)}`,
  ]
  const text = editCard([...frame, 'FN:', 'N:;;;;', 'END:VCARD', ''].join('\r\n'), edits)
  const card = openCard(text)
  const [shown] = entriesNamed(card, ['FN'])
  const { fn } = contactSummary({ lines: linesOf(card) })
  if (shown && textOf(shown.line) === '') shown.line = withText(shown.line, fn)
  const lines = linesOf(card)
  // Apple's programs show N, not FN: who has no parts of a name is shown whole.
  if (contactSummary({ lines }).kind === 'individual' && isBlank(readName(lines))) {
    writeName(card, { given: fn }, true)
  }
  return closeCard(card)
}

function apply(card: OpenCard, edit: CardEdit, keepsShown: boolean): void {
  switch (edit.op) {
    case 'add':
      addValue(card, edit)
      break
    case 'change':
      changeValue(card, edit, keepsShown)
      break
    case 'remove':
      removeValue(card, edit.list, edit.key)
      break
    case 'name':
      writeName(card, edit.parts, keepsShown)
      break
    case 'employer':
      employ(card, edit, keepsShown)
      break
    default:
      applySingle(card, edit)
  }
}

type SingleEdit = Exclude<CardEdit, { op: 'add' | 'change' | 'remove' | 'name' | 'employer' }>

/** Categories are written before all the others. */
function applySingle(card: OpenCard, edit: SingleEdit): void {
  switch (edit.op) {
    case 'text':
      setText(card, edit.property, edit.value)
      break
    case 'nicknames':
      setNicknames(card, edit.values)
      break
    case 'kind':
      setKind(card, edit.kind)
      break
    case 'gender':
      setGender(card, edit.gender)
      break
    case 'date':
      if (edit.property === 'birthday') setBirthday(card, edit.date)
      else setAnniversary(card, edit.date)
      break
    case 'photo':
      setPhoto(card, edit.photo)
      break
    case 'categories':
      break
    default:
      edit satisfies never
  }
}

/** Units stay where they are not given: a program that has no place for them does not know them. */
function employ(card: OpenCard, { org, units, title, role }: Employer, keepsShown: boolean): void {
  if (org !== undefined || units !== undefined) changeOrg(card, { name: org, units }, keepsShown)
  if (title !== undefined) writeText(card, 'TITLE', oneLine(title))
  if (role !== undefined) writeText(card, 'ROLE', oneLine(role))
}

/** The names of the lists that the person is in; only lines in which something changes are written anew. */
function withCategories(text: string, values: readonly string[] | undefined): string {
  if (values === undefined) return text
  const card = readCard(text)
  const wanted = new Set(
    values.map((value) => oneLine(value).normalize('NFC')).filter((value) => value !== ''),
  )
  const gone = categoriesOf(card.lines).filter((name) => !wanted.has(name))
  return changeCategories(text, card, { adding: [...wanted], without: new Set(gone) })
}

/** In the form that the line has. @see RFC 2426 §3.6.4, RFC 6350 §6.7.4 */
function revise(card: OpenCard, now: number): void {
  const [entry] = entriesNamed(card, ['REV'])
  if (!entry) return
  const moment = new Date(now).toISOString().replace(/\.\d+/, '')
  const isExtended = card.version === '3.0' && !/^\d{8}(?:T|$)/i.test(entry.line.value.trim())
  const value = isExtended ? moment : moment.replace(/[-:]/g, '')
  entry.line = changed(entry.line, { value })
}
