import type { Settings } from '../../config/defaults.ts'
import type { RefusedProperties } from '../../protocol/dav/multistatus.ts'
import type { ClarkName } from '../../protocol/dav/names.ts'
import { errorElement, Refusal, refuse } from '../../protocol/dav/preconditions.ts'
import type { PropertyOperation } from '../../protocol/dav/propertyupdate.ts'
import type { XmlElement } from '../../protocol/dav/xml-read.ts'
import { serialize, tag } from '../../protocol/dav/xml-write.ts'
import type { DeadChange } from '../../storage/dead-properties.ts'
import { isProtected, propertiesOf } from './properties/index.ts'
import type { PropertyPatch } from './properties/property.ts'
import type { CollectionResource, Kind } from './resource.ts'

/** What a PROPPATCH or MKCOL comes to, worked out before anything is stored. */
export interface PropertyChanges {
  readonly patch: PropertyPatch
  readonly dead: readonly DeadChange[]
  /** Names in the order asked, each once. */
  readonly names: readonly ClarkName[]
  /** With any of these nothing may be stored. */
  readonly refused: readonly { readonly name: ClarkName; readonly refusal: Refusal }[]
}

/**
 * Works out what operations come to, in their order. A live property without `set` is refused as protected, an unknown
 * name is a dead property and is kept with its XML (IOS-07).
 * @param except  names the caller deals with itself
 * @param on  the collection that is changed, where it is one and not only being made
 * @see RFC 4918 §9.2
 */
export function readChanges(
  operations: readonly PropertyOperation[],
  kind: Kind,
  settings: Settings,
  except: readonly ClarkName[] = [],
  on?: CollectionResource,
): PropertyChanges {
  const live = propertiesOf(kind)
  let patch: PropertyPatch = {}
  const dead = new Map<ClarkName, string | undefined>()
  const refused = new Map<ClarkName, Refusal>()
  const names = new Set<ClarkName>()
  for (const { action, property } of operations) {
    const { name } = property
    names.add(name)
    if (except.includes(name)) continue
    const known = live.get(name)
    const value = action === 'set' ? property : undefined
    try {
      if (known ? !known.set : isProtected(name)) throw protectedProperty(name)
      if (value) checkSize(value, settings)
      if (known?.set) patch = { ...patch, ...known.set(value, patch, on) }
      if (!known && Buffer.byteLength(name) > maxNameBytes) throw tooLong()
      const keepsXml = value && (!known || isMoreThanText(value))
      dead.set(name, keepsXml ? serialize(value) : undefined)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused.set(name, error)
    }
  }
  return {
    patch,
    dead: [...dead],
    names: [...names],
    refused: [...refused].map(([name, refusal]) => ({ name, refusal })),
  }
}

/**
 * The propstats of a refused change, one for each reason, and 424 for what could have been changed.
 * @see RFC 4918 §9.2.1
 */
export function refusedPropstats({ names, refused }: PropertyChanges): RefusedProperties[] {
  const propstats = new Map<string, RefusedProperties>()
  const add = (status: number, error: string, props: string): void => {
    const key = `${status} ${error}`
    propstats.set(key, { status, error, props: (propstats.get(key)?.props ?? '') + props })
  }
  for (const { name, refusal } of refused) add(refusal.status, errorElement(refusal), tag(name).empty)
  const failing = new Set(refused.map(({ name }) => name))
  for (const name of names) if (!failing.has(name)) add(424, '', tag(name).empty)
  return [...propstats.values()]
}

/** Octets of a dead property's name at most: it is part of an index, whose entries PostgreSQL bounds. */
const maxNameBytes = 500

function tooLong(): Refusal {
  return refuse('sufficient-disk-space', {
    message: `The name of a property may have ${maxNameBytes} octets at most.`,
  })
}

function protectedProperty(name: ClarkName): Refusal {
  return refuse('cannot-modify-protected-property', { message: `${name} is set by the server.` })
}

/** Whether a live property was sent with something that its own column does not keep. */
function isMoreThanText({ attributes, children, lang }: XmlElement): boolean {
  return children.length > 0 && (attributes.size > 0 || lang !== undefined)
}

function checkSize(value: XmlElement, { limits }: Settings): void {
  if (Buffer.byteLength(serialize(value)) <= limits.deadPropertyBytes) return
  throw refuse('sufficient-disk-space', {
    message: `A property may have ${limits.deadPropertyBytes} octets at most.`,
  })
}
