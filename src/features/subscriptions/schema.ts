import { z } from 'zod'

/** A calendar that follows what somebody else publishes. */
export const subscription = z.object({
  /** That of the calendar. */
  id: z.int(),
  name: z.string(),
  title: z.string(),
  /** Where it is fetched from, without a password. */
  url: z.string(),
  color: z.string().nullable(),
  /** What the account asks for; null where it is as the publisher says. */
  everyMinutes: z.int().nullable(),
  keepsAlarms: z.boolean(),
  events: z.int(),
  /** Objects that could not be taken. */
  skipped: z.int(),
  fetchedAt: z.string().nullable(),
  nextAt: z.string().nullable(),
  lastError: z.string().nullable(),
})
export const subscriptionList = z.object({ subscriptions: z.array(subscription) })

const wishes = {
  /** https, http or webcal. */
  url: z.string().min(1).max(2_000),
  title: z.string().trim().min(1).max(500),
  color: z.string().regex(/^#(?:[0-9a-f]{6}|[0-9a-f]{8})$/i, 'give a colour, such as #3478F6'),
  everyMinutes: z.int().min(1).max(525_600).nullable(),
  keepsAlarms: z.boolean(),
}

export const newSubscription = z.strictObject(wishes).partial().required({ url: true })
export const subscriptionChange = z.strictObject(wishes).partial()
