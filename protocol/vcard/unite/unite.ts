import { escapeTextValue, parameterValues } from '../../text/content-lines.ts'
import { type Card, readCard } from '../card.ts'
import { readCardLines } from '../convert/card-lines.ts'
import { type CardLine, changed, type Lines, withParameter } from '../convert/line.ts'
import { convertLines } from '../convert.ts'
import type { Edits } from '../merge/edits.ts'
import { groupNames, placed } from '../merge/groups.ts'
import { byName, type Instance, instancesOf } from '../merge/instances.ts'
import { storedCard, writeEdited } from '../merge/text.ts'
import { plainText } from '../merge/values.ts'
import {
  type Choice,
  choicesOf,
  type FieldForm,
  formOf,
  isEmpty,
  itemKey,
  itemsOf,
  valueKey,
} from './fields.ts'

/** Two cards of one person. */
export interface Pair {
  /** Whose UID, name and octets stay; what it says and the other does not stays byte for byte (law 6). */
  readonly survivor: string
  readonly loser: string
}

/** One property on both cards. */
export interface Field {
  /** In upper case. */
  readonly name: string
  readonly form: FieldForm
  readonly survivor: readonly Instance[]
  /** In the version of the survivor's card. */
  readonly loser: readonly Instance[]
  /** Whether both say the same. */
  readonly isSame: boolean
  readonly proposed: Choice
}

/** What both cards have, property by property, without what is of the card itself. @throws InvalidObjectError */
export function compareCards({ survivor, loser }: Pair): readonly Field[] {
  const card = readCard(survivor)
  return fieldsOf(readCardLines(survivor, card), otherLines(loser, card))
}

/**
 * The survivor's card with what the loser's has beside it: values that are not there yet are added with their labels, in
 * the version of the survivor's; of what a card has only one of, the survivor's stays where there is one.
 * @param choices  by the name of the property, in upper case; what is not here is as it is proposed
 * @returns the very text of the survivor where nothing is new
 * @throws InvalidObjectError when one of them is not one whole card
 */
export function uniteCards(pair: Pair, choices: ReadonlyMap<string, Choice> = new Map()): string {
  const card = readCard(pair.survivor)
  const stored = storedCard(pair.survivor, card)
  const edits: Edits = { changes: new Map(), added: [], kept: new Set() }
  const groups = groupNames(stored.lines)
  for (const field of fieldsOf(stored.lines, otherLines(pair.loser, card))) {
    const choice = choices.get(field.name) ?? field.proposed
    if (choice === 'survivor' || field.loser.length === 0) {
      if (choice === 'loser') removeAll(edits, field.survivor)
      continue
    }
    if (choice === 'loser') takeOver(edits, field, (one) => placed(groups, one))
    else addTo(edits, field, (one) => placed(groups, one))
  }
  return edits.changes.size === 0 && edits.added.length === 0 ? pair.survivor : writeEdited(stored, edits)
}

function otherLines(text: string, { version }: Card): Lines {
  const card = readCard(text)
  const lines = readCardLines(text, card)
  const [own, its] = [version, card.version].map((one) => (one === '4.0' ? '4.0' : '3.0'))
  return own === its ? lines : convertLines(lines, own === '4.0' ? '4.0' : '3.0')
}

function fieldsOf(lines: Lines, others: Lines): Field[] {
  const [mine, theirs] = [byName(instancesOf(lines)), byName(instancesOf(others))]
  return [...new Set([...mine.keys(), ...theirs.keys()])].flatMap((name) => {
    const form = formOf({ name })
    const [survivor = [], loser = []] = [
      mine.get(name),
      theirs.get(name)?.filter(({ main }) => !isEmpty(main)),
    ]
    return form === 'own' ? [] : [fieldOf(name, form, survivor, loser)]
  })
}

function fieldOf(
  name: string,
  form: FieldForm,
  survivor: readonly Instance[],
  loser: readonly Instance[],
): Field {
  const isKnown = survivor.some(({ main }) => !isEmpty(main))
  const news = newsOf(form, survivor, loser)
  const isSame = news.length === 0 && newsOf(form, loser, survivor).length === 0
  const proposed: Choice = !isKnown && loser.length > 0 ? 'loser' : (choicesOf(form)[0] ?? 'survivor')
  return { name, form, survivor, loser, isSame, proposed: isSame ? 'survivor' : proposed }
}

/** What the second says and the first does not. */
function newsOf(
  form: FieldForm,
  known: readonly Instance[],
  others: readonly Instance[],
): readonly Instance[] {
  if (form === 'list') {
    const items = new Set(known.flatMap(({ main }) => itemsOf(main).map(itemKey)))
    return others.filter(({ main }) => itemsOf(main).some((item) => !items.has(itemKey(item))))
  }
  const keys = new Set(known.map(valueKey))
  return others.filter((one) => {
    const key = valueKey(one)
    if (keys.has(key)) return false
    keys.add(key)
    return true
  })
}

type Place = (instance: Instance) => readonly CardLine[]

function removeAll({ changes }: Edits, instances: readonly Instance[]): void {
  for (const { main, riders, isSharing } of instances) {
    changes.set(main, [])
    if (!isSharing) for (const rider of riders) changes.set(rider, [])
  }
}

/** What both say stays as the survivor writes it; what is new stands where the first that goes has stood. */
function takeOver(edits: Edits, { form, survivor, loser }: Field, place: Place): void {
  const keys = new Set(loser.map(valueKey))
  const gone = form === 'list' ? survivor : survivor.filter((one) => !keys.has(valueKey(one)))
  const news = form === 'list' ? loser : newsOf(form, survivor, loser)
  const [first] = gone
  removeAll(edits, gone)
  if (first) edits.changes.set(first.main, news.flatMap(place))
  else edits.added.push(...news.map(place))
}

function addTo(edits: Edits, { form, survivor, loser }: Field, place: Place): void {
  const news = newsOf(form, survivor, loser)
  const [first] = survivor
  if (first && form === 'list') edits.changes.set(first.main, [withItems(first.main, survivor, news)])
  else if (first && form === 'joined') joinNotes(edits, first, news)
  else edits.added.push(...news.map((one) => place(first ? notPreferred(one) : one)))
}

/** Those that are missing join the first line of the list. */
function withItems(line: CardLine, survivor: readonly Instance[], news: readonly Instance[]): CardLine {
  const known = new Set(survivor.flatMap(({ main }) => itemsOf(main).map(itemKey)))
  const missing = new Map<string, string>()
  for (const item of news.flatMap(({ main }) => itemsOf(main)))
    if (!known.has(itemKey(item))) missing.set(itemKey(item), item)
  if (missing.size === 0) return line
  return changed(line, { value: [...(isEmpty(line) ? [] : [line.value]), ...missing.values()].join(',') })
}

/** Most programs show one note. What is within the other already is not said twice. */
function joinNotes({ changes }: Edits, { main }: Instance, news: readonly Instance[]): void {
  const before = plainText(main.value)
  const missing = news.map((one) => plainText(one.main.value)).filter((text) => !before.includes(text))
  if (missing.length === 0) return
  const value = escapeTextValue([before, ...missing].filter((text) => text !== '').join('\n\n'))
  changes.set(main, [changed(main, { value })])
}

/** Whom the survivor prefers stays preferred. */
function notPreferred(instance: Instance): Instance {
  const { main } = instance
  const types = parameterValues(main, 'TYPE').flatMap((value) => value.split(','))
  const rest = types.filter((type) => type.trim().toLowerCase() !== 'pref')
  const parameters = withParameter(
    rest.length === types.length ? main.parameters : withParameter(main.parameters, 'TYPE', rest),
    'PREF',
    [],
  )
  return { ...instance, main: changed(main, { parameters }) }
}
