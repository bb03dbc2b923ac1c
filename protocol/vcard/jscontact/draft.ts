import { parameterValues } from '../../text/content-lines.ts'
import type { Json, JsonProperty } from '../../text/json-property.ts'
import { type CardLine, type Groups, wordsOf } from '../convert/line.ts'

/** An object of JSContact while it is made. */
export type Properties = { [name: string]: Json }

/** A Card while it is made. */
export interface Draft {
  readonly card: Properties
  readonly groups: Groups
  /** Where the first of the alternatives of an ALTID went, as a JSON pointer without its first slash. */
  readonly places: Map<string, string>
  /** Entries by what others look them up by: the kind of an anniversary, the group of an organization. */
  readonly known: Map<string, { readonly id: string; readonly entry: Properties }>
  /** The last number given to an entry of a map. */
  readonly numbers: Map<Properties, number>
  /** Properties that are none of the Card's. */
  readonly kept: JsonProperty[]
}

export function newDraft(card: Properties, groups: Groups): Draft {
  return { card, groups, places: new Map(), known: new Map(), numbers: new Map(), kept: [] }
}

/** How a property of a card is taken over; false when it cannot be, so that it goes to vCardProps. */
export type Convert = (line: CardLine, draft: Draft) => boolean

/** Parameters that an entry has a place for, by their names in upper case. */
export interface Used {
  /** More than the usual ones: PREF, PROP-ID, and TYPE where it is home or work. */
  readonly parameters?: readonly string[]
  /** Types that become contexts besides home and work. */
  readonly contexts?: readonly string[]
  /** Types that the entry has used itself. */
  readonly types?: readonly string[]
}

/**
 * Adds an entry to one of the maps of the Card, with what every entry may have: preference, contexts, the label of its
 * group, and what else the property said.
 * @param key  what others look it up by
 * @see RFC 9553 §1.5, RFC 9555 §2.1.1, §2.2, §2.3, §2.15.1
 */
export function addEntry(
  draft: Draft,
  map: string,
  line: CardLine,
  value: Properties,
  used: Used = {},
  key?: string,
): void {
  const entry = { ...value, ...commonProperties(line, draft, used) }
  const place = draft.places.get(alternativeKey(line) ?? '')
  if (place !== undefined && localize(draft, line, place, entry)) return
  const all = mapOf(draft, map)
  const id = idOf(line, all, draft)
  all[id] = entry
  if (key !== undefined && !draft.known.has(key)) draft.known.set(key, { id, entry })
  note(draft, line, `${map}/${escapePointer(id)}`)
}

/** Sets a property of the Card itself, or of an object in it; the first value stays. */
export function setOnce(object: Properties, name: string, value: Json): boolean {
  if (object[name] !== undefined) return false
  object[name] = value
  return true
}

/** An object in the Card, made when it is first asked for. */
export function mapOf({ card }: Draft, name: string): Properties {
  const map = card[name]
  if (typeof map === 'object' && map !== null && !Array.isArray(map)) return map as Properties
  const made = emptyObject()
  card[name] = made
  return made
}

/** Remembers where a property went, for its alternatives. */
export function note(draft: Draft, line: CardLine, place: string): void {
  const key = alternativeKey(line)
  if (key !== undefined && !draft.places.has(key)) draft.places.set(key, place)
}

/** @returns false when the property does not say its language. @see RFC 9553 §2.7.1, RFC 9555 §2.3.1 */
export function localize(draft: Draft, line: CardLine, place: string, value: Json): boolean {
  const language = parameterValues(line, 'LANGUAGE')[0]?.toLowerCase()
  if (language === undefined) return false
  const localizations = mapOf(draft, 'localizations')
  const patch = (localizations[language] ?? emptyObject()) as Properties
  localizations[language] = patch
  return setOnce(patch, place, value)
}

export function alternativeKey(line: CardLine): string | undefined {
  const [altid] = parameterValues(line, 'ALTID')
  return altid === undefined ? undefined : `${line.name} ${altid}`
}

/** Without a prototype: names that come from a card are names and nothing else. */
export function emptyObject(): Properties {
  return Object.create(null)
}

function commonProperties(line: CardLine, draft: Draft, used: Used): Properties {
  const common: Properties = {}
  const rank = Number(parameterValues(line, 'PREF')[0])
  if (rank >= 1 && rank <= 100) common.pref = rank
  const contexts = contextsOf(line, used.contexts ?? [])
  if (contexts !== undefined) common.contexts = contexts
  const label = draft.groups.labelOf(line)
  if (label !== undefined) common.label = label.replace(/^_\$!<(.*)>!\$_$/, '$1')
  const parameters = otherParameters(line, used)
  if (parameters !== undefined) common.vCardParams = parameters
  return common
}

function contextsOf(line: CardLine, more: readonly string[]): Json | undefined {
  const found = wordsOf(line, 'TYPE').flatMap((type) =>
    type === 'home' ? ['private'] : type === 'work' || more.includes(type) ? [type] : [],
  )
  return found.length === 0 ? undefined : Object.fromEntries(found.map((context) => [context, true]))
}

/** @see RFC 9555 §2.15.2 */
function otherParameters(line: CardLine, used: Used): Json | undefined {
  const known = ['PREF', 'PROP-ID', 'VALUE', ...(used.parameters ?? [])]
  const types = ['home', 'work', ...(used.contexts ?? []), ...(used.types ?? [])]
  const others = new Map<string, string[]>()
  for (const { name, values } of line.parameters) {
    if (known.includes(name)) continue
    const kept = name === 'TYPE' ? values.filter((type) => !types.includes(type.toLowerCase())) : values
    const key = name.toLowerCase()
    if (kept.length > 0) others.set(key, [...(others.get(key) ?? []), ...kept])
  }
  if (line.group !== undefined) others.set('group', [line.group])
  if (others.size === 0) return undefined
  return Object.fromEntries(
    [...others].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  )
}

/** The one the card names, else the next. @see RFC 9554 §4.7, RFC 9555 §2.1.2 */
function idOf(line: CardLine, taken: Properties, { numbers }: Draft): string {
  const [named] = parameterValues(line, 'PROP-ID')
  if (named !== undefined && /^[A-Za-z0-9_-]{1,255}$/.test(named) && taken[named] === undefined) return named
  let number = numbers.get(taken) ?? 0
  do number += 1
  while (taken[`k${number}`] !== undefined)
  numbers.set(taken, number)
  return `k${number}`
}

function escapePointer(id: string): string {
  return id.replaceAll('~', '~0').replaceAll('/', '~1')
}
