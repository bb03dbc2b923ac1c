import { z } from 'zod'

const number = z.int().min(0)

/** How far a job is that does something to many people. */
export const peopleChangeState = z.object({
  id: z.int(),
  /** One that is `stopped` did it to some of them. */
  state: z.enum(['running', 'failed', 'stopped', 'finished']),
  /** What `POST /history/undo` takes to undo all of it, once it is no longer running. */
  request: z.string(),
  /** How many people there are, and how many of them have been looked at. */
  total: number,
  done: number,
  counts: z.object({ changed: number, removed: number, unchanged: number, skipped: number }),
  startedAt: z.iso.datetime(),
  touchedAt: z.iso.datetime(),
})
