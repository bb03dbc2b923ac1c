import { type Calendar, type Component, property } from './calendar.ts'
import { applyEdits, type Edit } from './write-lines.ts'

/**
 * What strangers may see of a calendar object: nothing of one with a part that is PRIVATE or CONFIDENTIAL, and of the
 * others all but the alarms, which are their owner's.
 * @returns undefined for an object that is not for the public
 * @see RFC 5545 §3.8.1.3
 */
export function publicText({ root, text }: Calendar): string | undefined {
  if (root.components.some((component) => !isPublic(component))) return undefined
  const edits: Edit[] = []
  for (const component of root.components) {
    for (const { name, start, end } of component.components) {
      if (name === 'VALARM') edits.push({ start, end, text: '' })
    }
  }
  return applyEdits(text, edits)
}

/** A class that is not known is taken for PRIVATE, as the RFC wants. */
function isPublic(component: Component): boolean {
  const value = property(component, 'CLASS')?.value.trim().toUpperCase()
  return value === undefined || value === '' || value === 'PUBLIC'
}
