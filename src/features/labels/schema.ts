import { z } from 'zod'
import { pageOf, paging } from '../../api/schema.ts'
import { peopleChangeState } from '../bulk-people/schema.ts'

/** As programs write one into CATEGORIES; told apart as it is written, but for how accents are composed. */
const name = z
  .string()
  .trim()
  .normalize('NFC')
  .min(1)
  .regex(/^[^\x00-\x1f\x7f]*$/, 'one line')
  .refine((text) => new TextEncoder().encode(text).length <= 500, '500 octets at most')

/** How many people have it on a card that the caller reads. */
const count = z.int()

const color = z.string().regex(/^#[0-9a-f]{6}$/i, 'a colour such as #1e90ff')

export const label = z.object({ name: z.string(), count, color: z.string().nullable() })
export const labelPage = pageOf(label)
export const labelQuery = z.object(paging)

/** A label that nobody has to have. */
export const newLabel = z.strictObject({ name, color: color.nullable().default(null) })

/** The new name, where there is a label of which both become one; and the colour of it. */
export const labelChange = z
  .strictObject({ name: name.optional(), color: color.nullable().optional() })
  .refine((given) => given.name !== undefined || given.color !== undefined, 'say what is to change')

/** What a path has for its name. */
export const labelName = name

/** What became of the cards that had a label. */
export const labelOutcome = z.object({
  name: z.string(),
  color: z.string().nullable(),
  /** Cards that were changed, and people who still have the old one where the caller only reads. */
  changed: z.int(),
  left: count,
  /** Begun (202): `GET /parties/bulk/{id}` says how far it is; until then all of them are left. Without it, it is done (200). */
  work: peopleChangeState.optional(),
})

const people = z.array(z.int().positive()).default([])

/** Who is to have a label, and who no more, by their ids. */
export const labelPeople = z
  .strictObject({ add: people, remove: people })
  .refine(({ add, remove }) => add.length + remove.length > 0, 'name somebody')
  .refine(({ add, remove }) => new Set([...add, ...remove]).size === add.length + remove.length, {
    message: 'name everybody once',
  })

/** What became of each, in their order; those who are refused have a problem. */
export const labelResults = z.object({
  results: z.array(z.object({ id: z.int(), status: z.int(), body: z.unknown().optional() })),
})
