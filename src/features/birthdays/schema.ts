import { z } from 'zod'

const displayName = z.string().min(1).max(200).optional()
/** `09:00` is on the day, `1d 18:00` the day before; several with commas, none where it is empty. */
const alarms = z.string().max(100).optional()
/** Whether dates beside birthday and anniversary have events too. */
const otherDates = z.boolean().optional()

/** A calendar of the birthdays in an address book of one's own. */
export const newBirthdays = z.strictObject({
  /** The name of the book in its URL, or its display name; without it the one new contacts go into. */
  book: z.string().min(1).max(500).optional(),
  /**
   * The one that was made of this book last, by its id, brought back as it was taken away: at its address, and for all who had
   * it. One of another book is not found (404), and a book that has another one by now keeps that (409).
   */
  calendar: z.int().positive().optional(),
  displayName,
  alarms,
  otherDates,
})

/** What can be changed of it. */
export const birthdaysChange = z.strictObject({ displayName, alarms, otherDates })

const named = z.object({ name: z.string(), displayName: z.string() })

/** A calendar of birthdays. */
export const birthdays = z.object({
  id: z.int(),
  book: named,
  calendar: named,
  alarms: z.string(),
  otherDates: z.boolean(),
})

export const birthdaysList = z.object({ birthdays: z.array(birthdays) })
