import { parameterValues } from '../../text/content-lines.ts'
import { type CardLine, changed, type Lines, wordsOf } from '../convert/line.ts'
import { type GroupNames, groupNames, labelLine, placed } from './groups.ts'
import { byName, type Instance, instancesOf, isRider } from './instances.ts'
import { isLineEdited, type LineEdit, withEdit } from './line-edits.ts'
import { isSame, matchInstances, signature } from './match.ts'
import { withoutRewrites } from './rewrites.ts'
import { holds, type MergeRules } from './rules.ts'
import { labelKey } from './values.ts'

/** What is to be done to the lines of a card. */
export interface Edits {
  /** What takes the place of a line; nothing where it goes. */
  readonly changes: Map<CardLine, readonly CardLine[]>
  /** Properties to be put in, each with the lines of its group. */
  readonly added: (readonly CardLine[])[]
  /** What was not done: names of properties that the client cannot hold. */
  readonly kept: Set<string>
}

/**
 * What a client has done to a card between what it was served and what it sent, as edits of another state of that card.
 * @param base  the lines to be edited; those served, or what has become of them
 */
export function editsOn(base: Lines, served: Lines, sent: Lines, rules: MergeRules): Edits {
  const before = instancesOf(served)
  const { after, gone } = withoutRewrites(before, instancesOf(sent), rules)
  const edits: Edits = { changes: new Map(), added: [], kept: new Set() }
  const context: Context = { rules, gone, edits, groups: groupNames(base) }
  const earlier = byName(before)
  const now = base === served ? earlier : byName(instancesOf(base))
  for (const name of new Set([...earlier.keys(), ...after.keys()])) {
    if (followers.has(name)) continue
    const [was = [], is = [], has = []] = [earlier.get(name), after.get(name), now.get(name)]
    editClass(context, { was, is, has })
  }
  if (context.edits.changes.size > 0 || context.edits.added.length > 0) follow(context, now, after)
  return context.edits
}

/** The lines after the edits. */
export function applyEdits(lines: Lines, { changes, added }: Edits): Lines {
  const done = lines.flatMap((line) => changes.get(line) ?? [line])
  return [...done, ...added.flat()]
}

/** What every program writes as it likes; taken along with an edit, where the card has it. */
const followers: ReadonlySet<string> = new Set(['PRODID', 'REV'])

/** Of these a card has one at most; what a device adds takes the place of what it was not shown. */
const single: ReadonlySet<string> = new Set(
  'N BDAY ANNIVERSARY GENDER KIND UID X-ADDRESSBOOKSERVER-KIND X-ABSHOWAS DEATHDATE PHOTO'.split(' '),
)

/** Whether a card has one of that property at most. */
export function isSingle(name: string): boolean {
  return single.has(name)
}

interface Context {
  readonly groups: GroupNames
  readonly rules: MergeRules
  readonly gone: ReadonlySet<Instance>
  readonly edits: Edits
}

/** One property: as it was served, as it was sent, as the card has it. */
interface States {
  readonly was: readonly Instance[]
  readonly is: readonly Instance[]
  readonly has: readonly Instance[]
}

function editClass(context: Context, states: States): void {
  const { was, is, has } = states
  const shown = shownOf(was, context.rules)
  const became = matchInstances(was, is, (one) => shown.has(one))
  const known = has === was ? new Map(was.map((one) => [one, one])) : matchInstances(was, has)
  const isPreferenceEdited = preferenceEdited(states, became, context.rules)
  const spare = spareOf(has, known)
  for (const one of was) {
    const [sent, present] = [became.get(one), known.get(one)]
    if (!sent) remove(context, one, present, shown.has(one))
    else edit(context, { one, sent, present, spare, isPreferenceEdited })
  }
  const matched = new Set(became.values())
  for (const sent of is) if (!matched.has(sent)) add(context, sent, spare)
}

/** Those that a client of the kind shows. */
function shownOf(instances: readonly Instance[], { first, last }: MergeRules): ReadonlySet<Instance> {
  const name = instances[0]?.name ?? ''
  const [early, late] = [first?.[name], last?.[name]]
  if (early !== undefined) return new Set(instances.slice(0, early))
  return new Set(late === undefined ? instances : instances.slice(-late))
}

/** What has been changed meanwhile stays: it is not what was taken away. */
function remove(context: Context, one: Instance, present: Instance | undefined, isShown: boolean): void {
  const { changes, kept } = context.edits
  if (!context.gone.has(one) && (!isShown || !holds(context.rules, one.main))) {
    if (present) kept.add(one.name)
    return
  }
  if (!present || !isSame(one, present)) return
  changes.set(present.main, [])
  if (!present.isSharing) for (const rider of present.riders) changes.set(rider, [])
}

interface InstanceEdit {
  readonly one: Instance
  readonly sent: Instance
  readonly present: Instance | undefined
  readonly spare: Spare
  readonly isPreferenceEdited: boolean
}

function edit(context: Context, { one, sent, present, spare, isPreferenceEdited }: InstanceEdit): void {
  const { rules, edits } = context
  const lineEdit: LineEdit = { served: one.main, sent: sent.main, rules, isPreferenceEdited }
  const isLabelEdited = labelKey(one.label) !== labelKey(sent.label)
  if (!present) {
    if (isLabelEdited || isLineEdited(lineEdit)) add(context, sent, spare)
    return
  }
  const main = withEdit(present.main, lineEdit)
  if (isLabelEdited && labelKey(present.label) !== labelKey(sent.label)) relabel(context, present, main, sent)
  else if (main !== present.main) edits.changes.set(present.main, [main])
}

function relabel({ groups, edits }: Context, present: Instance, main: CardLine, { label }: Instance): void {
  const rider = present.riders.find(({ name }) => name === 'X-ABLABEL')
  if (rider) {
    edits.changes.set(rider, label === undefined ? [] : [changed(rider, { value: label })])
    if (main !== present.main) edits.changes.set(present.main, [main])
    return
  }
  const group = main.group ?? groups.take()
  const labelled = label === undefined || present.isSharing ? [] : [labelLine(group, label)]
  edits.changes.set(present.main, labelled.length > 0 ? [changed(main, { group }), ...labelled] : [main])
}

/** A label of nothing is not put in, and a property that is there already, hidden or brought by somebody else meanwhile, not twice. */
function add(context: Context, sent: Instance, spare: Spare): void {
  if (isRider(sent.main)) return
  if (spare.takeSame(sent)) return
  const lines = placed(context.groups, sent)
  const hidden = isSingle(sent.name) ? spare.takeAny() : undefined
  if (hidden) {
    context.edits.changes.set(hidden.main, lines)
    for (const rider of hidden.riders) context.edits.changes.set(rider, [])
  } else context.edits.added.push(lines)
}

/** What the card has of a property and the client was not served. */
interface Spare {
  takeSame(sent: Instance): boolean
  takeAny(): Instance | undefined
}

function spareOf(has: readonly Instance[], known: ReadonlyMap<Instance, Instance>): Spare {
  const matched = new Set(known.values())
  const spare = new Map<string, Instance[]>()
  for (const one of has) {
    if (matched.has(one)) continue
    const key = signature(one)
    const same = spare.get(key)
    if (same) same.push(one)
    else spare.set(key, [one])
  }
  return {
    takeSame: (sent) => spare.get(signature(sent))?.pop() !== undefined,
    takeAny: () => {
      for (const same of spare.values()) if (same.length > 0) return same.pop()
      return undefined
    },
  }
}

/**
 * Whether another one is preferred than before. The first one of a property gets preferred by itself where none was
 * (Apple), unless it was not the first; and where none is any more, few programs mean it.
 */
function preferenceEdited(
  { was, is }: States,
  became: ReadonlyMap<Instance, Instance>,
  rules: MergeRules,
): boolean {
  const [before, after] = [preferred(was), preferred(is)]
  const [first] = is
  if (before.size === 0) {
    const wasFirst = was[0] === undefined || became.get(was[0]) === first
    const isByItself = after.size === 1 && first !== undefined && after.has(first) && wasFirst
    return after.size > 0 && !isByItself
  }
  if (after.size === 0 && rules.parameters !== 'all') return false
  const meant = new Set([...before].map((one) => became.get(one)))
  const isLeft = [...meant].some((one) => one !== undefined)
  return isLeft && (meant.size !== after.size || [...after].some((one) => !meant.has(one)))
}

/** Those of the best rank, if any has one. @see RFC 6350 §5.3 */
function preferred(instances: readonly Instance[]): ReadonlySet<Instance> {
  const ranks = new Map<Instance, number>()
  for (const instance of instances) {
    const rank = wordsOf(instance.main, 'TYPE').includes('pref')
      ? 1
      : Number(parameterValues(instance.main, 'PREF')[0] ?? Number.NaN)
    if (!Number.isNaN(rank)) ranks.set(instance, rank)
  }
  const best = Math.min(...ranks.values())
  return new Set([...ranks].flatMap(([instance, rank]) => (rank === best ? [instance] : [])))
}

/** REV and PRODID are those of whoever edited last. */
function follow(
  { edits }: Context,
  now: ReadonlyMap<string, readonly Instance[]>,
  after: ReadonlyMap<string, readonly Instance[]>,
): void {
  for (const name of followers) {
    const [present, sent] = [now.get(name)?.[0], after.get(name)?.[0]]
    if (!present || !sent || present.main.value === sent.main.value) continue
    edits.changes.set(present.main, [changed(present.main, { value: sent.main.value })])
  }
}
