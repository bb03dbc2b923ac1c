import { z } from 'zod'
import { timeZone } from '../accounts/schema.ts'

/** A day: 2026-12-31. */
const day = z.iso.date()
/** A time as a clock on the wall shows it: 2026-12-31T09:00:00. Which clock, the zone beside it says. */
const wallTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/, 'give a local time, such as 2026-12-31T09:00:00')
  .refine((text) => isReal(text), 'there is no such time')
/** A day, of what takes whole days, or a time on the clock of the zone beside it. */
export const moment = z.union([day, wallTime])
/** A day or a moment with its distance from UTC, which a range begins or ends with. */
const edge = z.union([day, z.iso.datetime({ offset: true })])
/** Ids with commas between them. */
export const idList = z
  .string()
  .max(4_000)
  .regex(/^\d{1,15}(?:,\d{1,15})*$/, 'give ids with commas between them')
  .transform((text) => [...new Set(text.split(',').map(Number))])

function isReal(text: string): boolean {
  const at = Date.parse(`${text}Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

export const weekday = z.enum(['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'])

/** A rule as a form shows it. @see RFC 5545 §3.3.10 */
const ruleShape = {
  freq: z.enum(['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']),
  interval: z.int().min(1).max(1_000).default(1),
  /** So many instances; at most one of `count` and `until` is there. */
  count: z.int().min(1).max(10_000).nullable().default(null),
  /** The last day on which one may be, in the zone of the event. */
  until: day.nullable().default(null),
  /** `nth` 2 is the second of the month or year, -1 the last, 0 every one. */
  byDay: z
    .array(z.strictObject({ day: weekday, nth: z.int().min(-53).max(53).default(0) }))
    .max(50)
    .default([]),
  byMonthDay: z.array(z.int().min(-31).max(31)).max(62).default([]),
  byMonth: z.array(z.int().min(1).max(12)).max(12).default([]),
  bySetPos: z.array(z.int().min(-366).max(366)).max(50).default([]),
  weekStart: weekday.default('MO'),
}

/** The rule of a new series: as a form shows it, or as it is written. */
export const ruleWish = z.union([
  z
    .strictObject(ruleShape)
    .refine(({ count, until }) => count === null || until === null, 'give a count or an end, not both')
    .refine(
      ({ byMonthDay, bySetPos }) => !byMonthDay.includes(0) && !bySetPos.includes(0),
      'there is no 0th day, and no 0th of them',
    ),
  z.strictObject({ text: z.string().min(1).max(2_000) }),
])

const shownRule = z.object({
  freq: ruleShape.freq,
  interval: z.int(),
  count: z.int().nullable(),
  until: z.string().nullable(),
  byDay: z.array(z.object({ day: weekday, nth: z.int() })),
  byMonthDay: z.array(z.int()),
  byMonth: z.array(z.int()),
  bySetPos: z.array(z.int()),
  weekStart: weekday,
})

export const recurrence = z.object({
  /** Null where there is none, or where it says more than a form can show: then it is kept unless another is given. */
  rule: shownRule.nullable(),
  /** As it is written; empty where there are added days alone. */
  text: z.string(),
  /** Times that are added to those of the rule, and times that are taken out: as `start` is given. */
  added: z.array(z.string()),
  excluded: z.array(z.string()),
})

/** When an alarm goes off: so many seconds after the start or the end (before it, if negative), or at a moment. */
const trigger = {
  offset: z
    .int()
    .min(-366 * 86_400)
    .max(366 * 86_400)
    .nullable()
    .default(null),
  related: z.enum(['start', 'end']).default('start'),
  at: z.iso.datetime({ offset: true }).nullable().default(null),
}

/** With the `key` of one that is there that one stays, with all that is in it; without, it is new. */
export const alarmWish = z
  .strictObject({ key: z.string().max(100).optional(), ...trigger })
  .refine(({ offset, at }) => (offset === null) !== (at === null), 'give an offset or a moment')

export const alarm = z.object({
  key: z.string(),
  /** DISPLAY, EMAIL, AUDIO … */
  action: z.string(),
  offset: z.int().nullable(),
  related: z.enum(['start', 'end']),
  at: z.string().nullable(),
})

const attendee = z.object({
  /** A mail address, or whatever else the line names. */
  address: z.string(),
  name: z.string().nullable(),
  /** CHAIR, REQ-PARTICIPANT, OPT-PARTICIPANT, NON-PARTICIPANT … */
  role: z.string(),
  /** NEEDS-ACTION, ACCEPTED, DECLINED, TENTATIVE, DELEGATED … */
  status: z.string(),
  /** INDIVIDUAL, GROUP, RESOURCE, ROOM … */
  kind: z.string(),
  wantsReply: z.boolean(),
})

const attachment = z.object({
  /** Null where the octets stand in the object itself. */
  uri: z.string().nullable(),
  name: z.string().nullable(),
  mediaType: z.string().nullable(),
  bytes: z.int().nullable(),
})

export const classification = z.enum(['public', 'private', 'confidential'])
const transparency = z.enum(['opaque', 'transparent'])

/** What can be said of an event and a task alike; null, or nothing, takes it away. */
export const commonWish = {
  title: z.string().max(1_000),
  notes: z.string().max(100_000),
  location: z.string().max(2_000),
  url: z.string().max(4_000),
  class: classification,
  categories: z.array(z.string().min(1).max(200)).max(100),
  /** A name of CSS3: `tomato`. @see RFC 7986 §5.9 */
  color: z
    .string()
    .regex(/^[a-z]{3,30}$/)
    .nullable(),
  /** 0: none said; 1 is the highest, 9 the lowest. */
  priority: z.int().min(0).max(9),
  alarms: z.array(alarmWish).max(50),
}

const eventWish = {
  ...commonWish,
  status: z.enum(['confirmed', 'tentative', 'cancelled']).nullable(),
  transparency,
  start: moment,
  /** Of whole days the day after the last. */
  end: moment,
  /** Null for a time that is the same on every clock; of whole days it is not looked at. */
  zone: timeZone.nullable(),
  /** Of the end, where it is another. */
  endZone: timeZone.nullable(),
  rule: ruleWish.nullable(),
}

/** What an event is to be. With `zone` left out it is in that of the caller's account. */
export const newEvent = z
  .strictObject({ calendar: z.int().positive(), ...z.strictObject(eventWish).partial().shape })
  .required({ start: true })

/** What of an event is to be otherwise; what is left out stays, with every line that nobody here knows. */
export const eventChange = z
  .strictObject({
    ...eventWish,
    /** Where all of it goes; with the other changes it is one. */
    calendar: z.int().positive(),
  })
  .partial()

/** Which instances a change is for. `all` takes what is said of times as said of the instance that is named. */
export const scopeQuery = z.object({
  /** From a row of the list: 20260302T090000. */
  instance: z
    .string()
    .regex(/^\d{8}(?:T\d{6}Z?)?$/)
    .optional(),
  scope: z.enum(['this', 'following', 'all']).default('all'),
})
export const instanceQuery = scopeQuery.pick({ instance: true })

/** From `from` until before `to`. Days, and times on no clock, are taken in `zone`. */
export const eventsQuery = z.object({
  from: edge,
  to: edge,
  zone: timeZone.default('UTC'),
  /** Without it, all that show events. */
  calendars: idList.optional(),
})

export const memberRights = z.object({
  edit: z.boolean(),
  remove: z.boolean(),
  /** Alarms of one's own, which whoever only reads may have too. */
  alarms: z.boolean(),
})

/** One time at which an event takes place. */
export const eventInstance = z.object({
  id: z.int(),
  etag: z.string(),
  calendar: z.int(),
  /** Which one of the series it is, on the clock of that; null where nothing recurs. */
  instance: z.string().nullable(),
  /** A moment in UTC; a day, of what takes whole days; a time without a zone where it is on no clock. */
  start: z.string(),
  /** Not included. */
  end: z.string(),
  allDay: z.boolean(),
  /** In which it was entered; null for days, and for times on no clock. */
  zone: z.string().nullable(),
  title: z.string(),
  location: z.string(),
  status: z.string().nullable(),
  transparency,
  class: z.string(),
  color: z.string().nullable(),
  categories: z.array(z.string()),
  isRecurring: z.boolean(),
  /** Whether it differs from the others of its series. */
  isException: z.boolean(),
  hasAlarm: z.boolean(),
  /** How many. */
  attendees: z.int(),
  rights: memberRights.omit({ alarms: true }),
})

export const eventList = z.object({
  items: z.array(eventInstance),
  /** Whether there are more in that range than are shown: ask for a shorter one. */
  isCut: z.boolean(),
  /** Objects that could not be read, and are left out. */
  unreadable: z.array(z.int()),
})

/** What an event and a task have in common, as it is shown. */
export const commonShape = {
  id: z.int(),
  etag: z.string(),
  calendar: z.int(),
  /** Its name in URLs, and what all programs know it by. */
  name: z.string(),
  uid: z.string(),
  title: z.string(),
  notes: z.string(),
  location: z.string(),
  url: z.string(),
  class: z.string(),
  categories: z.array(z.string()),
  color: z.string().nullable(),
  priority: z.int(),
  alarms: z.array(alarm),
  organizer: attendee.nullable(),
  attendees: z.array(attendee),
  attachments: z.array(attachment),
  recurrence: recurrence.nullable(),
  isRecurring: z.boolean(),
  rights: memberRights,
  createdAt: z.string().nullable(),
  changedAt: z.string(),
  /** Where its history is. */
  history: z.string(),
}

export const event = z.object({
  ...commonShape,
  /** The one that was asked for; null where what is shown holds for all. */
  instance: z.string().nullable(),
  isException: z.boolean(),
  /** A day, or a time on the clock of `zone`. */
  start: z.string(),
  /** Of whole days the day after the last. */
  end: z.string(),
  allDay: z.boolean(),
  zone: z.string().nullable(),
  endZone: z.string().nullable(),
  status: z.string().nullable(),
  transparency,
  /** Where to join. @see RFC 7986 §5.11 */
  links: z.array(z.object({ uri: z.string(), label: z.string().nullable() })),
})

/** After a change for what follows, the series that ends before it. */
export const changedEvent = event.extend({ before: z.object({ id: z.int(), etag: z.string() }).nullable() })

export const transferTo = z.strictObject({ calendar: z.int().positive() })

/** Of which rule the instances are to be seen. */
export const rulePreview = z.strictObject({
  start: moment,
  zone: timeZone.nullable().default(null),
  rule: ruleWish,
  limit: z.int().min(1).max(100).default(10),
})
export const rulePreviewed = z.object({
  /** As `start` is given. */
  instances: z.array(z.string()),
  /** Whether there are more than those. */
  goesOn: z.boolean(),
  /** The rule as it would be written. */
  text: z.string(),
})

export const freeBusyQuery = z.object({
  /** The name of an account, a group's, or a room's. */
  who: z.string().min(1).max(200),
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
})
export const freeBusy = z.object({
  who: z.object({ id: z.int(), name: z.string(), displayName: z.string() }),
  /** In order, and none over another: BUSY, BUSY-TENTATIVE or BUSY-UNAVAILABLE. */
  periods: z.array(z.object({ start: z.string(), end: z.string(), type: z.string() })),
})

export const timeZoneList = z.object({
  /** By name; the offset is that of now, in minutes east of UTC. */
  zones: z.array(z.object({ name: z.string(), offset: z.int() })),
})

/** The parts of a rule as a form shows them. */
export type RuleWish = z.output<typeof ruleWish>
export type AlarmWish = z.output<typeof alarmWish>
