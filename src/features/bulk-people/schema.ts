import { z } from 'zod'
import { pageOf } from '../../api/schema.ts'
import { type Filter, filter } from '../smart-lists/schema.ts'
import { peopleChangeState } from './state-schema.ts'

export { peopleChangeState }

const word = z.string().trim().min(1).max(200)
const words = z.array(word).max(20).default([])
const isSome = ({ add, remove }: { add: readonly string[]; remove: readonly string[] }): boolean =>
  add.length + remove.length > 0

/** What is done to each of them. */
export const peopleAction = z.union([
  z.strictObject({ do: z.literal('label'), add: words, remove: words }).refine(isSome, 'name a label'),
  z.strictObject({ do: z.literal('role'), add: words, remove: words }).refine(isSome, 'name a role'),
  /** The name or the mail address of an account or a group; null for nobody. */
  z.strictObject({ do: z.literal('owner'), owner: z.string().min(1).max(500).nullable() }),
  /** The card that they are shown by goes into this book, or a copy of it does; who has a card there stays as he is. */
  z.strictObject({ do: z.enum(['move', 'copy']), book: z.int().positive() }),
  /** All of their cards that I may delete go to the trash. */
  z.strictObject({ do: z.literal('delete') }),
])
export type PeopleAction = z.output<typeof peopleAction>

/** People who can be left out by their ids, at most. */
const mostLeftOut = 2_000
const id = z.int().positive()
const except = z.array(id).max(mostLeftOut).default([])

/** Who is meant: these, all whom a filter finds, or all in a list of mine, but for those who are left out. */
function people<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.union([
    z.strictObject({ ids: z.array(id).min(1), ...shape }),
    z.strictObject({ filter, q: z.string().trim().min(1).max(500).optional(), except, ...shape }),
    z.strictObject({ list: id, except, ...shape }),
  ])
}

export const peopleChange = people({ action: peopleAction })
export type PeopleChange = z.output<typeof peopleChange>

export const peopleExportFormats = ['vcf', 'csv', 'jcard', 'jscontact'] as const

/** The card that each is shown by, in one file; a version is that of vCards. */
export const peopleExport = people({
  format: z.enum(peopleExportFormats).default('vcf'),
  version: z.enum(['3.0', '4.0']).optional(),
})
export type PeopleExport = z.output<typeof peopleExport>

/** Who is meant, without what is wanted of them. */
export type ChosenPeople =
  | { readonly ids: readonly number[] }
  | { readonly filter: Filter; readonly q?: string | undefined; readonly except: readonly number[] }
  | { readonly list: number; readonly except: readonly number[] }

/** What became of one of them; with the reason where he stays as he was. */
export const changedPerson = z.object({
  party: z.int(),
  name: z.string(),
  outcome: z.enum(['changed', 'removed', 'unchanged', 'skipped']),
  note: z.string(),
})

/** Done at once (200), with those who stay as they were; or begun (202). */
export const peopleChangeReply = peopleChangeState.extend({ skipped: z.array(changedPerson) })

export const changedPeoplePage = pageOf(changedPerson)

/** Cards that went to the trash, and those that stay since I may not delete them. */
export const removedParty = z.object({ removed: z.int().min(0), left: z.int().min(0) })
