import { type AppPasswordRow, appPasswordFields } from '../credentials.ts'
import type { DeviceId } from '../ids.ts'
import { selectList } from '../select.ts'
import type { Reader } from '../store.ts'

/** A device of anybody, and how its sync goes. */
export interface DeviceOverview extends AppPasswordRow {
  readonly account: string
  /** Calendars and books that it has asked for. */
  readonly collections: number
  /** Numbers of changes in them that it has not asked for. */
  readonly behind: number
  readonly refusals: number
}

const seen = `SELECT d.device_id, d.collection_id, max(d.change) AS change FROM
    (SELECT device_id, collection_id, change FROM device_positions
     UNION ALL SELECT device_id, collection_id, change FROM device_windows) d GROUP BY d.device_id, d.collection_id`

/** Devices in use of all accounts, in the order they were made. @param options.after  the id of the last one seen */
export function pageDevices(
  { sql }: Reader,
  { after, account, limit }: { after?: DeviceId | undefined; account?: string | undefined; limit: number },
): Promise<DeviceOverview[]> {
  const params: unknown[] = [after ?? 0]
  const ofAccount = account === undefined ? '' : ` AND p.name = $${params.push(account)}`
  const text = overviewOf(`a.id > $1${ofAccount} ORDER BY a.id LIMIT $${params.push(limit)}`)
  return sql.all<DeviceOverview>(text, params)
}

/** One that is in use. */
export function deviceOverview({ sql }: Reader, id: DeviceId): Promise<DeviceOverview | undefined> {
  return sql.first<DeviceOverview>(overviewOf('a.id = $1'), [id])
}

function overviewOf(which: string): string {
  return `WITH page AS (SELECT ${selectList<AppPasswordRow>('a', appPasswordFields)}, p.name AS account
       FROM app_passwords a JOIN principals p ON p.id = a.principal_id
         AND p.removed_at IS NULL WHERE a.revoked_at IS NULL AND ${which}),
     seen AS (${seen})
     SELECT page.*,
       (SELECT count(*) FROM seen s WHERE s.device_id = page.id) AS collections,
       (SELECT CAST(coalesce(sum(f.change - s.change), 0) AS bigint) FROM seen s JOIN collections c ON c.id = s.collection_id
         JOIN feeds f ON f.id = c.feed_id WHERE s.device_id = page.id AND f.change > s.change
           AND c.deleted_at IS NULL) AS behind,
       (SELECT count(*) FROM held_edits h WHERE h.device_id = page.id AND h.settled_at IS NULL) AS refusals
     FROM page ORDER BY page.id`
}
