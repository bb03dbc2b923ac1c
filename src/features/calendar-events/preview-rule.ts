import type { z } from 'zod'
import type { Settings } from '../../../config/defaults.ts'
import { readCalendar } from '../../../protocol/ical/calendar.ts'
import { wallText } from '../../../protocol/ical/details/moments.ts'
import { clockNamed, dateClock, readMoment } from '../../../protocol/ical/edit/clock.ts'
import { ruleText } from '../../../protocol/ical/edit/rule.ts'
import { occurrences, readRule, untilWall } from '../../../protocol/ical/recurrence.ts'
import type { rulePreview } from './schema.ts'
import { edited } from './store-member.ts'

/** The first instances of a rule, the start among them, as it would be written. @throws refusal 409 for what is none */
export function previewRule({ start, zone, rule, limit }: z.output<typeof rulePreview>, settings: Settings) {
  return edited(() => {
    const moment = readMoment(start)
    const empty = readCalendar('BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n')
    const clock = moment.isDate ? dateClock : clockNamed(zone, undefined, empty)
    const text = ruleText(rule, clock)
    const read = readRule(text)
    const walls = new Set([moment.wall])
    const budget = { steps: settings.limits.recurrenceSteps }
    const last = untilWall(read, clock)
    for (const wall of occurrences(read, moment.wall, { isDate: moment.isDate, untilWall: last }, budget)) {
      walls.add(wall)
      if (walls.size > limit) break
    }
    const instances = [...walls].sort((one, other) => one - other)
    const shown = instances.slice(0, limit).map((wall) => wallText(wall, moment.isDate))
    return { instances: shown, goesOn: walls.size > limit, text }
  })
}
