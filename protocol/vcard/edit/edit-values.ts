import { escapeTextValue } from '../../text/content-lines.ts'
import { contactSummary } from '../index-fields.ts'
import type { ListName, ListValues } from './details.ts'
import { type AboutEdit, type AddEdit, type ChangeEdit, NoSuchValueError } from './edits.ts'
import { type Label, labelFor, readLabel, writeLabel } from './labels.ts'
import { codeOf, withCountryCode } from './lists/addresses.ts'
import { isBlank } from './lists/list-type.ts'
import { relatedLabel, relatedTypes, typesToldBy } from './lists/related.ts'
import { lists } from './lists/table.ts'
import { textOf, withText } from './lists/texts.ts'
import {
  addLine,
  type Entry,
  entriesNamed,
  linesOf,
  type OpenCard,
  removeEntry,
  riderOf,
  setRider,
} from './open-card.ts'
import { listedValue, valuesOf } from './read-details.ts'
import { anniversaryEntries } from './singles.ts'
import { isPreferred as isPreferredLine, writePreferred, writeTypes } from './types.ts'

/** Adds a value behind the last one of its list; nothing for one that says nothing. */
export function addValue<L extends ListName>(card: OpenCard, edit: AddEdit<L>): void {
  const { list, value, ...about }: { list: L; value: ListValues[L] } & AboutEdit = edit
  if (isBlank(value)) return
  const entry = addLine(card, lists[list].blank(card.version))
  writeValue(card, list, entry, value)
  writeAbout(card, list, entry, about)
}

/** Changes what is given of a value. @throws NoSuchValueError */
export function changeValue<L extends ListName>(
  card: OpenCard,
  edit: ChangeEdit<L>,
  keepsShown: boolean,
): void {
  const {
    list,
    key,
    value,
    ...about
  }: { list: L; key: string; value?: ListValues[L] | undefined } & AboutEdit = edit
  const entry = entryOf(card, list, key)
  if (value !== undefined && isBlank(value)) {
    removeEntry(card, entry)
    return
  }
  const org = keepsShown || list !== 'orgs' ? undefined : shownOrg(card)
  if (value !== undefined) writeValue(card, list, entry, value)
  writeAbout(card, list, entry, about)
  showOrg(card, org)
}

/** @throws NoSuchValueError */
export function removeValue(card: OpenCard, list: ListName, key: string): void {
  removeEntry(card, entryOf(card, list, key))
}

/** Changes what is given of the organisation that comes first; a company that was shown by its name is so still. */
export function changeOrg(
  card: OpenCard,
  { name, units }: { readonly name: string | undefined; readonly units: readonly string[] | undefined },
  keepsShown: boolean,
): void {
  const [first] = valuesOf(card, 'orgs')
  const before = first?.value.value ?? { name: '', units: [] }
  const value = { name: name ?? before.name, units: units ?? before.units }
  const org = keepsShown ? undefined : shownOrg(card)
  if (first === undefined) addValue(card, { op: 'add', list: 'orgs', value })
  else if (isBlank(value.name) && units === undefined) removeEntry(card, first.entry)
  else if (isBlank(value)) removeEntry(card, first.entry)
  else writeValue(card, 'orgs', first.entry, value)
  showOrg(card, org)
}

function writeValue<L extends ListName>(card: OpenCard, list: L, entry: Entry, value: ListValues[L]): void {
  const before = valueIn(card, list, entry)
  entry.line = lists[list].write(entry.line, value, card.version)
  const code = list === 'addresses' ? codeOf(value) : undefined
  if (code === undefined || code === codeOf(before)) return
  entry.line = withCountryCode(entry.line, code, card.version)
  // Apple's programs write the code of the country beside the address, and read it there.
  const isBeside = card.version === '3.0' || riderOf(card, entry.line, 'X-ABADR') !== undefined
  if (isBeside) setRider(card, entry, 'X-ABADR', escapeTextValue(code.trim().toLowerCase()))
}

function writeAbout<L extends ListName>(card: OpenCard, list: L, entry: Entry, about: AboutEdit): void {
  const before = readLabel(riderOf(card, entry.line, 'X-ABLABEL'))
  const given = about.label === undefined ? undefined : labelFor(about.label, about.isBuiltIn)
  const label =
    given ?? (about.isBuiltIn === undefined ? undefined : { ...before, isBuiltIn: about.isBuiltIn })
  if (list === 'related') writeRelation(card, entry, { before, label, types: about.types })
  else {
    if (about.types !== undefined) entry.line = writeTypes(entry.line, about.types, card.version)
    if (label !== undefined) setRider(card, entry, 'X-ABLABEL', writeLabel(label))
  }
  if (about.isPreferred !== undefined) prefer(card, list, entry, about.isPreferred)
}

interface Relation {
  readonly before: Label
  readonly label: Label | undefined
  readonly types: readonly string[] | undefined
}

/** What 4.0 says in types, Apple says in a label: both are to say the same. */
function writeRelation(card: OpenCard, entry: Entry, { before, label, types }: Relation): void {
  if (label === undefined && types === undefined) return
  const isApple = entry.line.name === 'X-ABRELATEDNAMES'
  const known = isApple ? relatedTypes(entry.line, before) : typesToldBy(before)
  const isTold = types === undefined || types.join() === known.join() || (!isApple && before.text === '')
  const next = label ?? (isTold ? before : relatedLabel(types))
  const told = typesToldBy(next)
  const wanted = types ?? told
  const written = isApple ? wanted.filter((type) => !told.includes(type)) : wanted
  entry.line = writeTypes(entry.line, written, card.version)
  setRider(card, entry, 'X-ABLABEL', writeLabel(next))
}

/** One of a property is preferred. */
function prefer(card: OpenCard, list: ListName, entry: Entry, isPreferred: boolean): void {
  if (isPreferred === isPreferredLine(entry.line)) return
  for (const other of isPreferred ? entriesNamed(card, lists[list].names) : []) {
    if (other !== entry) other.line = writePreferred(other.line, false, card.version)
  }
  entry.line = writePreferred(entry.line, isPreferred, card.version)
}

function entryOf(card: OpenCard, list: ListName, key: string): Entry {
  const names: readonly string[] = lists[list].names
  const found = key === '' ? undefined : card.entries.find((entry) => !entry.isGone && entry.key === key)
  const isListed = found && names.includes(found.line.name) && valueIn(card, list, found) !== undefined
  if (!isListed || (list === 'dates' && anniversaryEntries(card).includes(found)))
    throw new NoSuchValueError()
  return found
}

function valueIn<L extends ListName>(card: OpenCard, list: L, entry: Entry): ListValues[L] | undefined {
  return listedValue(list, entry, (line, name) => riderOf(card, line, name))?.value
}

/** The name that a company is shown by, where that is its name. */
function shownOrg(card: OpenCard): string | undefined {
  const lines = linesOf(card)
  const [shown] = entriesNamed(card, ['FN'])
  const name = valuesOf(card, 'orgs')[0]?.value.value.name ?? ''
  const isShown =
    contactSummary({ lines }).kind === 'org' && shown !== undefined && textOf(shown.line) === name
  return isShown ? name : undefined
}

function showOrg(card: OpenCard, before: string | undefined): void {
  if (before === undefined) return
  const name = valuesOf(card, 'orgs')[0]?.value.value.name
  const [shown] = entriesNamed(card, ['FN'])
  if (name !== undefined && shown) shown.line = withText(shown.line, name)
}
