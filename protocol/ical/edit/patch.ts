import { type Calendar, type Component, readCalendar } from '../calendar.ts'
import { isObjectPart } from '../validate.ts'
import { applyEdits, type Edit } from '../write-lines.ts'

/** An edit that cannot be made of what is there, in words for whoever wants it. */
export class EditError extends Error {
  override name = 'EditError'
}

/** The components of an object but for its time zones, as they stand. */
export function partsOf({ root }: Calendar): Component[] {
  return root.components.filter(isObjectPart)
}

/** The text with all of its parts edited. @param edit  its edits may not touch each other */
export function patchParts(
  text: string,
  edit: (part: Component, index: number, calendar: Calendar) => readonly Edit[],
): string {
  const calendar = readCalendar(text)
  return applyOwn(
    text,
    partsOf(calendar).flatMap((part, index) => edit(part, index, calendar)),
  )
}

/** The text with edits made; new lines end as the others do. */
export function applyOwn(text: string, edits: readonly Edit[]): string {
  return applyEdits(text, ownLineEnds(text, edits))
}

/**
 * A line in place of all of that name, behind the others where there was none; without one they are taken away.
 * @param line  with CRLF
 */
export function setLine(part: Component, name: string, line: string | undefined): Edit[] {
  const edits: Edit[] = []
  let isSet = line === undefined
  for (const own of part.lines) {
    if (own.name !== name) continue
    edits.push({ start: own.start, end: own.end, text: isSet ? '' : (line ?? '') })
    isSet = true
  }
  return isSet || line === undefined ? edits : [...edits, addition(part, line)]
}

/** Lines behind the properties of a part. */
export function addition(part: Component, lines: string): Edit {
  const at = behindProperties(part)
  return { start: at, end: at, text: lines }
}

/** A component, or something else that stands in the text, taken out. */
export function removal({ start, end }: { readonly start: number; readonly end: number }): Edit {
  return { start, end, text: '' }
}

function behindProperties({ lines, broken, components, start }: Component): number {
  const [first] = components
  const before = [...lines, ...broken].filter((line) => !first || line.end <= first.start)
  return before.reduce(
    (end, line) => Math.max(end, line.end),
    first && before.length === 0 ? first.start : start,
  )
}

function ownLineEnds(text: string, edits: readonly Edit[]): readonly Edit[] {
  const isBare = /^[^\r\n]*\n/.test(text)
  return isBare ? edits.map((edit) => ({ ...edit, text: edit.text.replaceAll('\r\n', '\n') })) : edits
}
