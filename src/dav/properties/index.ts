import { type ClarkName, dav } from '../../../protocol/dav/names.ts'
import type { Kind } from '../resource.ts'
import { calendarserverSharing } from './calendarserver-sharing.ts'
import { extensions } from './extensions.ts'
import { notifications } from './notifications.ts'
import type { Property } from './property.ts'
import { rfc3253 } from './rfc3253.ts'
import { rfc3744 } from './rfc3744.ts'
import { rfc4331 } from './rfc4331.ts'
import { rfc4791 } from './rfc4791.ts'
import { rfc4918 } from './rfc4918.ts'
import { rfc6352 } from './rfc6352.ts'
import { subscriptions } from './subscriptions.ts'

const table: readonly Property[] = [
  ...rfc4918,
  ...rfc4331,
  ...rfc3253,
  ...rfc3744,
  ...rfc4791,
  ...rfc6352,
  ...extensions,
  ...calendarserverSharing,
  ...notifications,
  ...subscriptions,
]

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

/** Whether a name of WebDAV is the server's to say on whatever kind: nobody gives a calendar an ETag or a lock of his own. */
export function isProtected(name: ClarkName): boolean {
  return computed.has(name)
}

const computed: ReadonlySet<ClarkName> = new Set([
  ...table.map(({ name }) => name).filter((name) => name.startsWith(dav('')) && name !== dav('displayname')),
])

const none: ReadonlyMap<ClarkName, Property> = new Map()
