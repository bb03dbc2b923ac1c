import { escapeTextValue, splitValue } from '../../text/content-lines.ts'
import { changed } from '../convert/line.ts'
import { alignAnniversaries } from './anniversaries.ts'
import { byName, type Instance } from './instances.ts'
import { isSame } from './match.ts'
import type { MergeRules } from './rules.ts'
import { plainText, saidBy } from './values.ts'

/** What was sent. */
export interface Sent {
  /** By the names of properties. */
  readonly after: ReadonlyMap<string, readonly Instance[]>
  /** What is gone, although the client could not have sent it. */
  readonly gone: ReadonlySet<Instance>
}

/**
 * What was sent, as it would be without what the client rewrites by itself: joined notes taken apart, lists of
 * categories as they were written, the name as it was before it was made anew of its parts.
 */
export function withoutRewrites(
  served: readonly Instance[],
  sent: readonly Instance[],
  rules: MergeRules,
): Sent {
  const before = byName(served)
  const after = byName(sent)
  replace(after, 'NOTE', notes(before.get('NOTE'), after.get('NOTE'), rules))
  replace(after, 'CATEGORIES', categories(before.get('CATEGORIES'), after.get('CATEGORIES')))
  if (rules.rebuildsName) replace(after, 'FN', fullName(before, after))
  const gone = alignAnniversaries(served, after, rules)
  return { after, gone }
}

/** The texts of a list, over all its lines. */
export function itemsOf(instances: readonly Instance[]): readonly string[] {
  return instances.flatMap(({ main }) => listItems(main.value).map(plainText))
}

/** The items of a list as written, but empty ones. */
export function listItems(value: string): readonly string[] {
  return splitValue(value, ',').filter((item) => item.trim() !== '')
}

function replace(
  classes: Map<string, Instance[]>,
  name: string,
  instances: readonly Instance[] | undefined,
): void {
  if (instances) classes.set(name, [...instances])
}

/** Several notes in one: each is found again, or the one that was edited. Otherwise only what is in the one goes. */
function notes(
  served: readonly Instance[] = [],
  sent: readonly Instance[] = [],
  { joinsNotes = false }: MergeRules,
): readonly Instance[] | undefined {
  const [one] = sent
  const [first] = served
  if (one === undefined || first === undefined || sent.length > 1 || served.length < 2) return undefined
  const texts = served.map(({ main }) => saidBy(main))
  const whole = saidBy(one.main)
  if (squeezed(whole) === squeezed(texts.join(' '))) return served
  if (!joinsNotes) return undefined
  for (const [at, instance] of served.entries()) {
    const text = between(whole, texts.slice(0, at), texts.slice(at + 1))
    if (text !== undefined)
      return served.flatMap((other) => (other === instance ? noted(other, text) : other))
  }
  const rest = served.filter((other, at) => other !== first && !whole.includes(texts[at] ?? ''))
  return [...noted(first, whole), ...rest]
}

function noted(instance: Instance, text: string): Instance[] {
  if (text === '') return []
  return [{ ...instance, main: changed(instance.main, { value: escapeTextValue(text) }), from: instance }]
}

/** What stands between texts that were joined by line ends; undefined where they do not stand there. */
function between(whole: string, before: readonly string[], after: readonly string[]): string | undefined {
  let rest = whole
  for (const text of before) {
    if (!rest.startsWith(text)) return undefined
    rest = rest.slice(text.length)
    if (rest !== '' && !rest.startsWith('\n')) return undefined
    rest = rest.trimStart()
  }
  for (const text of [...after].reverse()) {
    if (!rest.endsWith(text)) return undefined
    rest = rest.slice(0, rest.length - text.length)
    if (rest !== '' && !rest.endsWith('\n')) return undefined
    rest = rest.trimEnd()
  }
  return rest
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** One list, over however many lines: each line served without what is gone, and what is new with the last one. */
function categories(
  served: readonly Instance[] = [],
  sent: readonly Instance[] = [],
): readonly Instance[] | undefined {
  if (served.length === 0 || sent.length === 0) return undefined
  const after = new Set(itemsOf(sent))
  const before = new Set(itemsOf(served))
  const added = sent.flatMap(({ main }) =>
    listItems(main.value).filter((item) => !before.has(plainText(item))),
  )
  const kept = served.flatMap((instance): Instance[] => {
    const items = listItems(instance.main.value)
    const left = items.filter((item) => after.has(plainText(item)))
    return left.length === items.length ? [instance] : left.length > 0 ? [listed(instance, left)] : []
  })
  if (added.length === 0) return kept
  const last = kept.at(-1)
  if (last) return [...kept.slice(0, -1), listed(last, [...listItems(last.main.value), ...added])]
  const [first] = served
  return first && [listed(first, added)]
}

function listed(instance: Instance, items: readonly string[]): Instance {
  const main = changed(instance.main, { value: items.join(',') })
  return { ...instance, main, from: instance.from ?? instance }
}

/** FN is as it was where N is, and the new one is what N says. */
function fullName(
  before: ReadonlyMap<string, readonly Instance[]>,
  after: ReadonlyMap<string, readonly Instance[]>,
): readonly Instance[] | undefined {
  const [wasName, isName] = [before.get('N')?.[0], after.get('N')?.[0]]
  const [was, is] = [before.get('FN'), after.get('FN')]
  if (!wasName || !isName || was?.length !== 1 || is?.length !== 1 || !isSame(wasName, isName))
    return undefined
  const [one] = is
  return one && madeOf(isName).has(squeezed(saidBy(one.main))) ? was : undefined
}

/** Full names as programs make them of the parts. */
function madeOf(name: Instance): ReadonlySet<string> {
  const [family = '', given = '', middle = '', prefix = '', suffix = ''] = saidBy(name.main).split('\u0000')
  const orders = [
    [prefix, given, middle, family, suffix],
    [prefix, family, middle, given, suffix],
    [given, middle, family],
    [given, family],
    [family, given],
    [family, given, middle],
  ]
  const plain = orders.map((parts) => squeezed(parts.join(' ')))
  return new Set([...plain, squeezed(`${family}, ${given} ${middle}`), squeezed(`${family}, ${given}`)])
}
