import { readContentLines } from '../text/content-lines.ts'
import { type Calendar, type Component, componentName, property } from './calendar.ts'
import { isObjectPart, recurrenceKey } from './validate.ts'
import { applyEdits, type Edit } from './write-lines.ts'

/**
 * What one person has on a component for himself, as lines: empty where there is nothing.
 * @see RFC 5545 §3.6.6, §3.8.2.7
 */
export interface PersonalPart {
  /** VALARM components. */
  readonly alarms: string
  /** What a client notes of alarms beside them: X-MOZ-LASTACK, X-MOZ-SNOOZE-TIME. */
  readonly marks: string
  /** The TRANSP in place of the shared one. */
  readonly transp: string
}

/**
 * The personal parts of an object by instance, the master's under an empty key (see `recurrenceKey`). An override without a part of its
 * own has the alarms and the TRANSP of the master's, as clients copy them; its marks are its own.
 */
export type PersonalLayer = ReadonlyMap<string, PersonalPart>

/**
 * The object as the person sees it whose layer it is: nobody else's alarms, every other line byte for byte.
 * @throws InvalidObjectError for a RECURRENCE-ID that is no time
 */
export function withPersonalParts(shared: Calendar, layer: PersonalLayer): string {
  const edits: Edit[] = []
  for (const component of shared.root.components.filter(isObjectPart)) {
    const part = partOf(layer, recurrenceKey(component, shared))
    edits.push(...dressed(component, part, part.transp === '' ? undefined : part.transp))
  }
  return applyEdits(shared.text, edits)
}

/** The object without anything personal: what two people who see the same object have in common. */
export function withoutPersonalParts({ text, root }: Calendar): string {
  const edits = root.components.filter(isObjectPart).flatMap((component) => dressed(component, nothing, ''))
  return applyEdits(text, edits)
}

/** What a person sent, taken apart. */
export interface SplitPersonal {
  /** What the others are to see of it: with the alarms and the TRANSP that they had. */
  readonly shared: string
  readonly layer: PersonalLayer
}

/**
 * Takes an object apart that a person sent. An override that is new begins with the shared alarms and the shared TRANSP of the master;
 * of an object that is new its TRANSP is shared, its alarms are not.
 * @param stored  the shared object as it is; undefined for a new one
 * @param before  the layer as it is
 * @throws InvalidObjectError for a RECURRENCE-ID that is no time
 */
export function splitPersonalParts(
  sent: Calendar,
  stored: Calendar | undefined,
  before: PersonalLayer,
): SplitPersonal {
  const known = stored ? componentsByKey(stored) : new Map<string, Component>()
  const edits: Edit[] = []
  const parts = new Map<string, PersonalPart>()
  for (const component of sent.root.components.filter(isObjectPart)) {
    const key = recurrenceKey(component, sent)
    const exact = known.get(key)
    const base = exact ?? known.get('')
    const alarms = stored && base ? personalOf(stored, base).alarms : ''
    const marks = stored && exact ? personalOf(stored, exact).marks : ''
    const own = personalOf(sent, component)
    const transp = stored && base ? personalTransp(component, base, partOf(before, key).transp, own) : ''
    parts.set(key, { ...own, transp })
    edits.push(
      ...dressed(component, { alarms, marks, transp: '' }, stored && base && transpLine(stored, base)),
    )
  }
  return { shared: applyEdits(sent.text, edits), layer: reduced(parts, before) }
}

/** Whether two layers say the same of an object with these instances; of others they may say what they will. */
export function isSameLayer(one: PersonalLayer, other: PersonalLayer, calendar: Calendar): boolean {
  const keys = new Set(['', ...componentsByKey(calendar).keys()])
  return [...keys].every((key) => {
    const [a, b] = [partOf(one, key), partOf(other, key)]
    return a.alarms === b.alarms && a.marks === b.marks && a.transp === b.transp
  })
}

/** Whether a text may hold anything personal; quick, and wrong to the safe side only. */
export function mayBePersonal(text: string): boolean {
  return /VALARM|X-MOZ-/i.test(/[\r\n][ \t]/.test(text) ? text.replace(/[\r\n]+[ \t]/g, '') : text)
}

/** What can be said of a text that is no object: without the lines between BEGIN:VALARM and END:VALARM, and without notes. */
export function withoutAlarmLines(text: string): string {
  let kept = ''
  let isInAlarm = false
  for (const line of readContentLines(text)) {
    const name = 'broken' in line ? '' : line.name
    const isOfAlarm = !('broken' in line) && componentName(line) === 'VALARM'
    if (name === 'BEGIN' && isOfAlarm) isInAlarm = true
    if (!isInAlarm && !isMark(name)) kept += text.slice(line.start, line.end)
    if (name === 'END' && isOfAlarm) isInAlarm = false
  }
  return kept
}

/** The components of the object itself by their instance; of two with the same the first. */
function componentsByKey(calendar: Calendar): Map<string, Component> {
  const found = new Map<string, Component>()
  for (const component of calendar.root.components.filter(isObjectPart)) {
    const key = recurrenceKey(component, calendar)
    if (!found.has(key)) found.set(key, component)
  }
  return found
}

const nothing: PersonalPart = { alarms: '', marks: '', transp: '' }

function partOf(layer: PersonalLayer, key: string): PersonalPart {
  return layer.get(key) ?? { ...(layer.get('') ?? nothing), marks: '' }
}

/** The part that a component carries; its TRANSP as it stands. */
function personalOf({ text }: Calendar, component: Component): PersonalPart {
  const slices = (all: readonly { readonly start: number; readonly end: number }[]): string =>
    all.map(({ start, end }) => text.slice(start, end)).join('')
  return {
    alarms: slices(component.components.filter(isAlarm)),
    marks: slices(component.lines.filter(({ name }) => isMark(name))),
    transp: slices(component.lines.filter(({ name }) => name === 'TRANSP').slice(0, 1)),
  }
}

function transpLine(calendar: Calendar, component: Component): string {
  return personalOf(calendar, component).transp
}

/** The TRANSP that somebody has for himself: only one that says otherwise than the shared one, or that he had before. */
function personalTransp(sent: Component, base: Component, before: string, own: PersonalPart): string {
  const isClear = isTransparent(property(sent, 'TRANSP')?.value)
  if (before !== '' && isTransparent(before.slice(before.indexOf(':') + 1)) === isClear) return before
  if (isTransparent(property(base, 'TRANSP')?.value) === isClear) return ''
  return own.transp === '' ? 'TRANSP:OPAQUE\r\n' : own.transp
}

function isTransparent(value: string | undefined): boolean {
  return value?.trim().toUpperCase() === 'TRANSPARENT'
}

/** Without the parts that overrides have from the master anyway. A master that was not sent keeps its own. */
function reduced(parts: ReadonlyMap<string, PersonalPart>, before: PersonalLayer): PersonalLayer {
  const layer = new Map<string, PersonalPart>()
  const master = parts.get('') ?? before.get('') ?? nothing
  if (!isEmpty(master)) layer.set('', master)
  for (const [key, part] of parts) {
    if (key === '') continue
    const isSame = part.alarms === master.alarms && part.transp === master.transp && part.marks === ''
    if (!isSame) layer.set(key, part)
  }
  return layer
}

function isEmpty({ alarms, marks, transp }: PersonalPart): boolean {
  return alarms === '' && marks === '' && transp === ''
}

/**
 * A component with a part in place of what it has of its own.
 * @param transp  the TRANSP line in place of its own, if any; undefined leaves that as it is
 */
function dressed(component: Component, part: PersonalPart, transp: string | undefined): Edit[] {
  const edits: Edit[] = []
  let added = part.marks + part.alarms
  for (const inner of component.components) if (isAlarm(inner)) edits.push(removal(inner))
  let isReplaced = false
  for (const line of component.lines) {
    if (isMark(line.name)) edits.push(removal(line))
    if (line.name !== 'TRANSP' || transp === undefined) continue
    edits.push({ start: line.start, end: line.end, text: isReplaced ? '' : transp })
    isReplaced = true
  }
  if (!isReplaced && transp !== undefined) added = transp + added
  const at = insideEnd(component)
  if (added !== '' && at > component.start) edits.push({ start: at, end: at, text: added })
  return edits
}

/** Where the END line of a component begins, everything in it having lines of its own; its start where it is empty. */
function insideEnd({ start, lines, broken, components }: Component): number {
  return [...lines, ...broken, ...components].reduce((end, inner) => Math.max(end, inner.end), start)
}

function removal({ start, end }: { readonly start: number; readonly end: number }): Edit {
  return { start, end, text: '' }
}

export function isAlarm({ name }: Component): boolean {
  return name === 'VALARM'
}

/** Thunderbird notes on the event which alarms were dismissed, and until when they are put off. */
export function isMark(name: string): boolean {
  return name === 'X-MOZ-LASTACK' || name === 'X-MOZ-SNOOZE-TIME' || name.startsWith('X-MOZ-SNOOZE-TIME-')
}
