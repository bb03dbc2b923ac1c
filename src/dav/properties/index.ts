import type { ClarkName } from '../../../protocol/dav/names.ts'
import type { Kind } from '../resource.ts'
import { extensions } from './extensions.ts'
import type { Property } from './property.ts'
import { rfc3253 } from './rfc3253.ts'
import { rfc3744 } from './rfc3744.ts'
import { rfc4791 } from './rfc4791.ts'
import { rfc4918 } from './rfc4918.ts'
import { rfc6352 } from './rfc6352.ts'

const table: readonly Property[] = [...rfc4918, ...rfc3253, ...rfc3744, ...rfc4791, ...rfc6352, ...extensions]

const byKind = new Map<Kind, Map<ClarkName, Property>>()
for (const property of table) {
  for (const kind of property.on) {
    const properties = byKind.get(kind) ?? new Map<ClarkName, Property>()
    byKind.set(kind, properties.set(property.name, property))
  }
}

/** The live properties of a kind of resource. */
export function propertiesOf(kind: Kind): ReadonlyMap<ClarkName, Property> {
  return byKind.get(kind) ?? none
}

/** Every live property there is, on whatever kind. */
export const liveNames: ReadonlySet<ClarkName> = new Set(table.map(({ name }) => name))

const none: ReadonlyMap<ClarkName, Property> = new Map()
