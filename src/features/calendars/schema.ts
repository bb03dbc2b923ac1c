import { z } from 'zod'

/** A calendar or a list of tasks that somebody reads the events of. */
export const calendar = z.object({
  id: z.int(),
  /** Its name in the URLs of its owner. */
  name: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  /** As programs write it: #RRGGBB or #RRGGBBAA. */
  color: z.string().nullable(),
  order: z.int().nullable(),
  /** VEVENT, VTODO …; null where it takes every kind. */
  components: z.array(z.string()).nullable(),
  timeZone: z.string().nullable(),
  owner: z.object({ id: z.int(), name: z.string() }),
  isOwn: z.boolean(),
  isDefault: z.boolean(),
  isShared: z.boolean(),
  /** Whether the server alone writes into it: what somebody else publishes, or what is made of something else. */
  isFollowed: z.boolean(),
  /** Whether its members may be edited, added and taken away. */
  rights: z.object({ edit: z.boolean(), add: z.boolean(), remove: z.boolean() }),
  /** What is seen of it: all, all with alarms of one's own, or only when somebody is busy. */
  shows: z.enum(['all', 'own-alarms', 'busy']),
  /** Whether its events leave whoever has it free. */
  isTransparent: z.boolean(),
  /** Whether its source is fetched: see /subscriptions. */
  isSubscription: z.boolean(),
  /** What the server makes it of, `birthdays`; null for all others. */
  madeOf: z.string().nullable(),
  /** Counts its changes. */
  change: z.int(),
})

export const calendarList = z.object({ calendars: z.array(calendar) })
