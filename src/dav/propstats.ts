import { propstatResponse, type RefusedProperties, statusResponse } from '../../protocol/dav/multistatus.ts'
import type { ClarkName } from '../../protocol/dav/names.ts'
import { errorElement, Refusal, refuse } from '../../protocol/dav/preconditions.ts'
import {
  bit,
  noPrivileges,
  type PrivilegeName,
  type PrivilegeSet,
  privilegeName,
} from '../../protocol/dav/privileges.ts'
import type { PropertyRequest } from '../../protocol/dav/propfind.ts'
import type { XmlElement } from '../../protocol/dav/xml-read.ts'
import { tag } from '../../protocol/dav/xml-write.ts'
import { propertiesOf } from './properties/index.ts'
import type { Ask, Need, Property } from './properties/property.ts'
import type { Kind, Resource } from './resource.ts'

/** The dead properties of one resource, as self-contained XML by name. */
export type DeadProperties = ReadonlyMap<ClarkName, string>

/** Writes the response element of resources of one kind; everything about the question is worked out once. */
export interface Responder {
  readonly needs: ReadonlySet<Need>
  response(resource: Resource, dead?: DeadProperties): string
}

/**
 * @param minimal  leave out the propstat of properties that are not there (RFC 8144 §2.1)
 */
export function responder(request: PropertyRequest, kind: Kind, ask: Ask, minimal: boolean): Responder {
  switch (request.kind) {
    case 'prop':
      return askedProperties(request.elements, kind, ask, minimal)
    case 'allprop':
      return allProperties(request.include, kind, ask)
    case 'propname':
      return propertyNames(kind, ask)
  }
}

/** The whole element of a property; undefined where the resource has none. */
type Entry = (resource: Resource, dead: DeadProperties) => string | undefined

function askedProperties(asked: readonly XmlElement[], kind: Kind, ask: Ask, minimal: boolean): Responder {
  const live = propertiesOf(kind)
  const needs = new Set<Need>()
  const entries = asked.map((element): AskedEntry => {
    const { name } = element
    const property = live.get(name)
    const { empty } = tag(name)
    for (const need of property ? needsOf(property) : deadOnly) needs.add(need)
    const entry: Entry = property ? liveEntry(property, element, ask) : (_, dead) => dead.get(name)
    return { entry, empty, privilege: property?.privilege, needed: neededFor(property) }
  })
  return {
    needs,
    response: (resource, dead = noDead) => {
      let ok = ''
      let missing = ''
      let lacks = false
      try {
        for (const { entry, empty, needed } of entries) {
          if ((needed & ~resource.access) !== 0) {
            lacks = true
            continue
          }
          const found = entry(resource, dead)
          if (found === undefined) missing += empty
          else ok += found
        }
      } catch (error) {
        return refusedResponse(resource.href, error)
      }
      const refused = lacks ? refusedEntries(entries, resource) : undefined
      return propstatResponse(resource.href, ok, minimal ? '' : missing, refused)
    },
  }
}

interface AskedEntry {
  readonly entry: Entry
  readonly empty: string
  readonly privilege: PrivilegeName | undefined
  /** The bit of the privilege; none where there is none. */
  readonly needed: PrivilegeSet
}

function neededFor(property: Property | undefined): PrivilegeSet {
  return property?.privilege ? bit[property.privilege] : noPrivileges
}

/** The properties that the caller may not read, by the privilege he lacks. @see RFC 3744 §5.4, §5.5, §7.1.1 */
function refusedEntries(entries: readonly AskedEntry[], { href, access }: Resource): RefusedProperties[] {
  const props = new Map<PrivilegeName, string>()
  for (const { empty, privilege, needed } of entries) {
    if (privilege && (needed & ~access) !== 0) props.set(privilege, (props.get(privilege) ?? '') + empty)
  }
  return [...props].map(([privilege, lacking]) => {
    const refusal = refuse('need-privileges', { href, privilege: privilegeName(privilege) })
    return { status: refusal.status, props: lacking, error: errorElement(refusal) }
  })
}

/** A property that one resource cannot give as it was asked for refuses that resource alone. @see RFC 6352 §8.7.2 */
function refusedResponse(href: string, error: unknown): string {
  const isOwn = error instanceof Refusal && error.precondition === 'supported-address-data-conversion'
  if (!isOwn) throw error
  return statusResponse(href, error.status, errorElement(error))
}

function allProperties(include: readonly ClarkName[], kind: Kind, ask: Ask): Responder {
  const live = propertiesOf(kind)
  const wanted = [...live.values()].filter(({ name, allprop }) => allprop || include.includes(name))
  const entries = wanted.map((property) => ({
    entry: liveEntry(property, undefined, ask),
    needed: neededFor(property),
  }))
  return {
    needs: new Set<Need>(['dead', ...wanted.flatMap(needsOf)]),
    response: (resource, dead = noDead) => {
      let ok = ''
      for (const { entry, needed } of entries)
        if ((needed & ~resource.access) === 0) ok += entry(resource, dead) ?? ''
      for (const [name, xml] of dead) if (!live.has(name)) ok += xml
      return propstatResponse(resource.href, ok)
    },
  }
}

function propertyNames(kind: Kind, ask: Ask): Responder {
  const live = propertiesOf(kind)
  const entries = [...live.values()].map((property) => ({
    entry: liveEntry(property, undefined, ask),
    empty: tag(property.name).empty,
    hasText: property.needs.includes('text'),
  }))
  return {
    needs: new Set<Need>(['dead', 'children', 'quota']),
    response: (resource, dead = noDead) => {
      let ok = ''
      for (const { entry, empty, hasText } of entries) {
        if (hasText || entry(resource, dead) !== undefined) ok += empty
      }
      for (const name of dead.keys()) if (!live.has(name)) ok += tag(name).empty
      return propstatResponse(resource.href, ok)
    },
  }
}

/** A client may have set attributes on a live property; then its element is kept as sent and comes back so (IOS-07). */
function liveEntry(property: Property, asked: XmlElement | undefined, ask: Ask): Entry {
  const get = property.getter(asked, ask)
  const { open, close, empty } = tag(property.name)
  const whole: Entry = (resource) => {
    const value = get(resource)
    if (value === undefined) return undefined
    return value === '' ? empty : open + value + close
  }
  return property.set ? (resource, dead) => dead.get(property.name) ?? whole(resource, dead) : whole
}

const deadOnly: readonly Need[] = ['dead']

function needsOf(property: Property): readonly Need[] {
  return property.set ? [...property.needs, 'dead'] : property.needs
}

const noDead: DeadProperties = new Map()
