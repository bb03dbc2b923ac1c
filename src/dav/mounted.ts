import { plainTimezone } from '../../protocol/ical/busy-times.ts'
import { readCalendar } from '../../protocol/ical/calendar.ts'
import { InvalidObjectError } from '../../protocol/text/invalid-object.ts'
import type { CollectionRow } from '../../storage/collections.ts'
import type { Mounted } from '../../storage/mounts.ts'

/** What is shared, under the name and with the properties that the sharee gave it. */
export function mountedRow({ mount, collection, owner }: Mounted): CollectionRow {
  const shared = collection.displayname || collection.name
  const original = mount.view === 'busy' ? withoutDetails(collection) : collection
  const zoned = mount.timezone === null && mount.timezoneId === null ? original : mount
  return {
    ...original,
    homeId: mount.homeId,
    homeChange: mount.homeChange,
    name: mount.name,
    displayname: mount.displayname ?? `${shared} (${owner.displayName || owner.name})`,
    description: mount.description ?? original.description,
    color: mount.color ?? original.color,
    sortOrder: mount.sortOrder ?? original.sortOrder,
    timezone: zoned.timezone,
    timezoneId: zoned.timezoneId,
    transparent: mount.transparent ?? 1,
    isDefault: 0,
  }
}

/** A calendar that holds blocks of time: of what its owner said of it only the name, the colour and the zone of floating times. */
function withoutDetails(calendar: CollectionRow): CollectionRow {
  const { timezone, timezoneId } = calendar
  return {
    ...calendar,
    description: null,
    components: 'VEVENT',
    timezone: timezone === null || timezoneId !== null ? null : zoneAlone(timezone),
    source: null,
    refreshRate: null,
  }
}

function zoneAlone(timezone: string): string | null {
  try {
    return plainTimezone(readCalendar(timezone))
  } catch (error) {
    if (error instanceof InvalidObjectError) return null
    throw error
  }
}
