import type { EntitySchema } from 'typeorm'
import { columnsOf, entity, type Tables } from './columns.ts'
import type { Dialect } from './database.ts'
import { accountsTables } from './tables/accounts.ts'
import { apiTables } from './tables/api.ts'
import { batchesTables } from './tables/batches.ts'
import { collectionsTables } from './tables/collections.ts'
import { customFieldsTables } from './tables/custom-fields.ts'
import { documentsTables } from './tables/documents.ts'
import { eventsTables } from './tables/events.ts'
import { factsTables } from './tables/facts.ts'
import { generatedTables } from './tables/generated.ts'
import { grantsTables } from './tables/grants.ts'
import { heldTables } from './tables/held.ts'
import { historyTables } from './tables/history.ts'
import { listsTables } from './tables/lists.ts'
import { locksTables } from './tables/locks.ts'
import { matchTables } from './tables/match.ts'
import { mediaTables } from './tables/media.ts'
import { migrationSourcesTables } from './tables/migration-sources.ts'
import { objectsTables } from './tables/objects.ts'
import { peopleTables } from './tables/people.ts'
import { privacyTables } from './tables/privacy.ts'
import { rightsTables } from './tables/rights.ts'
import { searchTables } from './tables/search.ts'
import { smartListsTables } from './tables/smart-lists.ts'
import { subscriptionsTables } from './tables/subscriptions.ts'
import { teamRolesTables } from './tables/team-roles.ts'
import { timelineTables } from './tables/timeline.ts'
import { upkeepTables } from './tables/upkeep.ts'
import { virtualTables } from './tables/virtual.ts'

const tables: Tables = {
  ...accountsTables,
  ...apiTables,
  ...batchesTables,
  ...collectionsTables,
  ...heldTables,
  ...historyTables,
  ...listsTables,
  ...locksTables,
  ...migrationSourcesTables,
  ...objectsTables,
  ...matchTables,
  ...mediaTables,
  ...customFieldsTables,
  ...documentsTables,
  ...eventsTables,
  ...factsTables,
  ...generatedTables,
  ...grantsTables,
  ...peopleTables,
  ...privacyTables,
  ...rightsTables,
  ...searchTables,
  ...smartListsTables,
  ...subscriptionsTables,
  ...teamRolesTables,
  ...timelineTables,
  ...upkeepTables,
  ...virtualTables,
}

/**
 * Every table as TypeORM describes it. The migrations make the tables; a test asserts that both say the same.
 * Law 2: only the write path touches objects, bodies, revisions, tombstones, events and the index tables.
 */
export function entities(dialect: Dialect): EntitySchema[] {
  const columns = columnsOf(dialect)
  return Object.entries(tables).map(([name, shape]) => entity(name, shape(columns)))
}
