import { z } from 'zod'
import { pageOf, paging } from '../../api/schema.ts'
import { timeZone } from '../accounts/schema.ts'
import { commonShape, commonWish, idList, moment, ruleWish } from '../calendar-events/schema.ts'

export const taskStatus = z.enum(['needs-action', 'in-process', 'completed', 'cancelled'])

export const task = z.object({
  ...commonShape,
  status: taskStatus,
  percent: z.int(),
  completedAt: z.string().nullable(),
  /** A day, or a time on the clock of `zone`. */
  start: z.string().nullable(),
  due: z.string().nullable(),
  zone: z.string().nullable(),
  /** What it is a part of: the id where that is a task which the caller sees. */
  parent: z.object({ uid: z.string(), id: z.int().nullable() }).nullable(),
  /** Its place among others as somebody has put them. */
  order: z.number().nullable(),
})

/** What of a task is to be otherwise; what is left out stays. */
const taskWish = {
  ...commonWish,
  status: taskStatus,
  percent: z.int().min(0).max(100),
  start: moment.nullable(),
  due: moment.nullable(),
  zone: timeZone.nullable(),
  /** The id of the task that it is to be a part of, in the same list. */
  parent: z.int().positive().nullable(),
  order: z.int().nullable(),
  rule: ruleWish.nullable(),
}

export const newTask = z
  .strictObject({ calendar: z.int().positive(), ...z.strictObject(taskWish).partial().shape })
  .required({ title: true })

/** `status` completed of a task that recurs has it move on to its next time. */
export const taskChange = z
  .strictObject({
    ...taskWish,
    /** The list that it goes to; with the other changes it is one. */
    calendar: z.int().positive(),
  })
  .partial()

export const tasksQuery = z.object({
  ...paging,
  /** Without it, all that have tasks. */
  calendars: idList.optional(),
  state: z.enum(['open', 'done', 'all']).default('open'),
  /** `none`: without a day; a day: due by its end. */
  due: z.union([z.literal('none'), z.iso.date()]).optional(),
  /** Those that are a part of this one. */
  parent: z.coerce.number().int().positive().optional(),
  order: z.enum(['due', 'priority', 'created', 'manual']).default('due'),
})

export const taskList = pageOf(task).extend({
  /** Whether there are more tasks than can be put in order: name fewer lists. */
  isCut: z.boolean(),
})
