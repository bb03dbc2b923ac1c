import type { ClarkName } from '../../../protocol/dav/names.ts'
import type { Kind } from '../resource.ts'
import { aclPrincipalPropSet } from './acl-principal-prop-set.ts'
import { addressbookMultiget } from './addressbook-multiget.ts'
import { addressbookQuery } from './addressbook-query.ts'
import { calendarMultiget } from './calendar-multiget.ts'
import { calendarQuery } from './calendar-query.ts'
import { expandProperty } from './expand-property.ts'
import { freeBusyQuery } from './free-busy-query.ts'
import { principalMatch } from './principal-match.ts'
import { principalPropertySearch } from './principal-property-search.ts'
import { principalSearch } from './principal-search.ts'
import { principalSearchPropertySet } from './principal-search-property-set.ts'
import type { Report } from './report.ts'
import { syncCollection } from './sync-collection.ts'

/** Every report. A new one is a file and a line here. */
const table: readonly Report[] = [
  syncCollection,
  calendarMultiget,
  calendarQuery,
  freeBusyQuery,
  addressbookMultiget,
  addressbookQuery,
  expandProperty,
  aclPrincipalPropSet,
  principalMatch,
  principalPropertySearch,
  principalSearchPropertySet,
  principalSearch,
]

/** The report of a name on a kind of resource; undefined where it is not supported. */
export function findReport(name: ClarkName, kind: Kind): Report | undefined {
  return table.find((report) => report.name === name && report.on.includes(kind))
}

/** The names of the reports of a kind of resource. */
export function reportsOn(kind: Kind): readonly ClarkName[] {
  return table.filter(({ on }) => on.includes(kind)).map(({ name }) => name)
}
