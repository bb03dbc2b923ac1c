import { transliterations } from '../../../protocol/text/transliterate.ts'
import type { SearchKind, SearchText } from '../../../storage/search/documents.ts'
import { entryOf, type FieldText, type SearchField, type StoredField } from './fields.ts'
import { foldText, plainText, reversed, significantDigits, unspaced, wordsOf } from './words.ts'

/** Texts of one document, their length, the entries and their length, and the letters that are found by a part, at most. */
const most = { fields: 80, field: 300, note: 1_000, entries: 80, entry: 60, grams: 3_000 } as const

/** What something is found by. The same fields give the same, whatever the settings are. */
export function searchText(kind: SearchKind, title: string, fields: readonly FieldText[]): SearchText {
  const entries = new Set<string>()
  const grams = new Set<string>()
  const stored: StoredField[] = []
  for (const { field, text, forms } of fields.slice(0, most.fields)) {
    const kept = clean(text, field === 'note' ? most.note : most.field)
    if (kept === '') continue
    const folded = foldText(kept)
    const others = forms ?? formsOf(field, kept, folded)
    stored.push([field, kept, ...others])
    for (const form of [folded, ...others]) addGrams(grams, field, form)
    addEntries(entries, field, folded, others)
  }
  return {
    kind,
    title: clean(title, most.field),
    texts: JSON.stringify(stored),
    entries: JSON.stringify([...entries].slice(0, most.entries)),
    grams: ` ${[...grams].join('  ')} `.slice(0, most.grams),
  }
}

function clean(text: string, limit: number): string {
  const trimmed = text.replaceAll('\0', '').trim()
  return trimmed.length <= limit ? trimmed : trimmed.slice(0, limit).replace(/[\ud800-\udbff]$/, '')
}

const named: ReadonlySet<SearchField> = new Set(['name', 'nickname', 'company', 'heading'])

/** Other ways to write it: in Latin letters, and without what stands between or in words. */
function formsOf(field: SearchField, text: string, folded: string): string[] {
  if (field === 'phone') return [significantDigits(text)]
  if (!named.has(field) && field !== 'attendee' && field !== 'label') return []
  const forms = new Set<string>()
  for (const written of [folded, ...transliterations(text)]) {
    forms.add(plainText(written))
    if (!written.includes("'")) continue
    forms.add(plainText(written.replaceAll("'", '')))
    forms.add(plainText(written.replaceAll("'", ' ')))
  }
  forms.delete(folded)
  forms.delete('')
  return [...forms]
}

function addGrams(grams: Set<string>, field: SearchField, form: string): void {
  if (field === 'phone' && !/^\d+$/.test(form)) return
  grams.add(form)
}

function addEntries(
  entries: Set<string>,
  field: SearchField,
  folded: string,
  forms: readonly string[],
): void {
  const all = [plainText(folded), ...forms]
  switch (field) {
    case 'name':
      for (const form of all) addWords(entries, form, entryOf.name, entryOf.laterName)
      for (const form of all) add(entries, entryOf.initials, initialsOf(form))
      return
    case 'nickname':
      for (const form of all) addWords(entries, form, entryOf.name, entryOf.laterName)
      return
    case 'company':
      for (const form of all) addWords(entries, form, entryOf.company, entryOf.laterCompany)
      return
    case 'heading':
      for (const form of all) addWords(entries, form, entryOf.heading, entryOf.laterHeading)
      return
    case 'label':
      for (const form of all) addWords(entries, form, entryOf.label, entryOf.label)
      return
    case 'email':
      addMail(entries, folded)
      return
    case 'phone':
      add(entries, entryOf.number, reversed(forms[0] ?? ''))
      return
    default:
      return
  }
}

/** The text from each of its words on: whoever types what comes next finds it by one look into the order of entries. */
function addWords(entries: Set<string>, form: string, first: string, later: string): void {
  const words = form.split(' ')
  for (let at = 0; at < words.length && at < 8; at++) {
    const rest = words.slice(at).join(' ')
    add(entries, at === 0 ? first : later, rest)
    if (unspaced.test(words[at] ?? '')) addInner(entries, later, rest)
  }
}

function addInner(entries: Set<string>, later: string, text: string): void {
  const letters = Array.from(text)
  for (let at = 1; at < letters.length && at < 8; at++) add(entries, later, letters.slice(at).join(''))
}

/** The address, what follows each dot of its name, and its domain. */
function addMail(entries: Set<string>, address: string): void {
  add(entries, entryOf.email, address)
  const [name = '', domain = ''] = address.split('@')
  const parts = name.split(/[._+-]+/)
  for (const part of parts.slice(1, 4)) add(entries, entryOf.laterEmail, part)
  add(entries, entryOf.laterEmail, domain)
}

/** The first letters of a name of several words. */
export function initialsOf(form: string): string {
  const words = wordsOf(form)
  return words.length < 2 ? '' : words.map((word) => Array.from(word)[0] ?? '').join('')
}

function add(entries: Set<string>, letter: string, text: string): void {
  if (text !== '') entries.add(letter + clean(text, most.entry))
}
