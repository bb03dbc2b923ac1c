import { type ClarkName, caldav, dav } from './names.ts'
import { refuseStatus } from './preconditions.ts'
import { children, elements, type XmlElement } from './xml-read.ts'

/** One step of a PROPPATCH; the property element holds the new value, its attributes and its xml:lang. */
export interface PropertyOperation {
  readonly action: 'set' | 'remove'
  readonly property: XmlElement
}

/**
 * The steps of a PROPPATCH in document order, in which they are to be taken. None is fine.
 * @throws refuseStatus(400) when the body is not a DAV:propertyupdate
 * @see RFC 4918 §9.2, §14.19
 */
export function readPropertyUpdate(root: XmlElement | undefined): PropertyOperation[] {
  if (root?.name !== dav('propertyupdate')) throw refuseStatus(400, 'The body must be a DAV:propertyupdate.')
  const operations: PropertyOperation[] = []
  for (const step of elements(root)) {
    const action = actions.get(step.name)
    if (action === undefined) continue
    for (const prop of children(step, dav('prop'))) {
      for (const property of elements(prop)) operations.push({ action, property })
    }
  }
  return operations
}

/**
 * The properties a MKCALENDAR or extended MKCOL sets on the new collection; none without a body.
 * @throws refuseStatus(415) for another body, refuseStatus(400) for one that removes
 * @see RFC 4791 §5.3.1, RFC 5689 §3, RFC 4918 §9.3
 */
export function readMakeCollection(root: XmlElement | undefined): PropertyOperation[] {
  if (root === undefined) return []
  if (!makers.has(root.name)) throw refuseStatus(415, 'The body must be a DAV:mkcol or a CALDAV:mkcalendar.')
  const operations: PropertyOperation[] = []
  for (const step of elements(root)) {
    if (step.name === dav('remove')) throw refuseStatus(400, 'A new collection has nothing to remove.')
    if (step.name !== dav('set')) continue
    for (const prop of children(step, dav('prop'))) {
      for (const property of elements(prop)) operations.push({ action: 'set', property })
    }
  }
  return operations
}

const actions: ReadonlyMap<ClarkName, PropertyOperation['action']> = new Map([
  [dav('set'), 'set'],
  [dav('remove'), 'remove'],
])

const makers: ReadonlySet<ClarkName> = new Set([dav('mkcol'), caldav('mkcalendar')])
