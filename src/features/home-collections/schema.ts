import { z } from 'zod'
import { timeZone } from '../accounts/schema.ts'

const title = z.string().trim().min(1).max(500)
const description = z.string().max(5_000).nullable()
/** As programs write it: #RRGGBB or #RRGGBBAA. */
const color = z
  .string()
  .regex(/^#(?:[0-9a-f]{6}|[0-9a-f]{8})$/i, 'give a colour, such as #3478F6')
  .nullable()

const wishes = {
  title,
  description,
  color,
  order: z.int().min(0).max(100_000).nullable(),
  timeZone: timeZone.nullable(),
  /** Whether its events leave whoever has it free. */
  isTransparent: z.boolean(),
}

export const newCalendar = z
  .strictObject({
    ...z.strictObject(wishes).partial().shape,
    /** What it takes: events, tasks, or both. */
    components: z
      .array(z.enum(['VEVENT', 'VTODO', 'VJOURNAL']))
      .min(1)
      .max(3)
      .default(['VEVENT']),
  })
  .required({ title: true })

/** Of a calendar of another it changes how whoever has it sees it. `isDefault` makes it the one that new things go into. */
export const calendarChange = z.strictObject({ ...wishes, isDefault: z.literal(true) }).partial()

export const newBook = z.strictObject({ title, description: description.optional() })
export const bookChange = z.strictObject({ title, description, isDefault: z.literal(true) }).partial()
