import { z } from 'zod'

/** What a field holds. */
export const fieldTypes = [
  'text',
  'number',
  'money',
  'date',
  'choice',
  'multi-choice',
  'yes-no',
  'link',
  'phone',
  'mail',
  'address',
  'person',
  'file',
] as const
export type FieldType = (typeof fieldTypes)[number]

const label = z.string().trim().min(1).max(100)
const version = z.int()

/** One of the answers of a choice; one that is retired is kept where it was given. */
export const choice = z.strictObject({
  /** What programs call it; it never changes. */
  key: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'small letters, digits and hyphens'),
  label,
  /** What it is shown with. */
  color: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'a colour such as #1e90ff')
    .optional(),
  isRetired: z.boolean().default(false),
})

const choices = z
  .array(choice)
  .max(500)
  .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, 'each key once')

/** What belongs to a type: the answers of a choice, the currency of money, the digits of a number after the point. */
export const fieldOptions = z.strictObject({
  choices: choices.optional(),
  /** Of ISO 4217, such as EUR. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'three capital letters')
    .optional(),
  decimals: z.int().min(0).max(3).optional(),
})
export type FieldOptions = z.output<typeof fieldOptions>

/** A field that is to be defined. */
export const newField = z.strictObject({
  label,
  type: z.enum(fieldTypes),
  /** What programs call it; without one it is made of the label. */
  key: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,59}$/, 'begin with a small letter; letters, digits and hyphens')
    .optional(),
  /** The id of an address book of one's own; without it the field is everybody's. */
  book: z.int().positive().optional(),
  options: fieldOptions.default({}),
  position: z.int().min(0).max(1_000_000).optional(),
})

/** What can be changed of one. Its type and its key stay; retired ones keep their values. */
export const fieldChange = z.strictObject({
  label: label.optional(),
  options: fieldOptions.optional(),
  position: z.int().min(0).max(1_000_000).optional(),
  isRetired: z.boolean().optional(),
})

export const field = z.object({
  id: z.int(),
  key: z.string(),
  label: z.string(),
  formerLabels: z.array(z.string()),
  type: z.enum(fieldTypes),
  book: z.int().nullable(),
  options: fieldOptions,
  position: z.int(),
  isRetired: z.boolean(),
  /** Whether its values stand on cards, where phones show them under its label. */
  isOnCard: z.boolean(),
  /** Whether the caller may change it. */
  rights: z.object({ edit: z.boolean() }),
  version,
})
export const fieldList = z.object({ fields: z.array(field) })

/** How many of the people that the caller sees have a value of each field; those that nobody has are left out. */
export const fieldCounts = z.object({ counts: z.array(z.object({ id: z.int(), people: z.int() })) })

const text = z.string().trim().min(1).max(2_000)
/** A number as people write it, without thousands: a JSON number would lose digits. */
const decimal = z.string().regex(/^-?\d{1,12}(?:\.\d{1,3})?$/, 'a number such as -12.5')

const part = z.string().max(500).default('')

/** The form of a value by type; null takes it away. */
export const fieldValues = {
  text: z.string().trim().min(1).max(10_000),
  number: decimal,
  money: z.strictObject({ amount: decimal, currency: z.string().regex(/^[A-Z]{3}$/) }),
  /** A day, or one without its year. */
  date: z
    .string()
    .regex(/^(?:\d{4}|-)-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, 'a day such as 2026-12-31'),
  choice: z.string().max(60),
  'multi-choice': z.array(z.string().max(60)).min(1).max(500),
  'yes-no': z.boolean(),
  link: z.url().max(2_000),
  phone: text.max(100),
  mail: z.email().max(320),
  address: z.strictObject({
    street: part,
    extended: part,
    locality: part,
    region: part,
    postalCode: part,
    country: part,
  }),
  /** By name; the id of somebody whom the caller sees stands for his name. */
  person: z.union([z.strictObject({ name: text.max(500) }), z.strictObject({ id: z.int().positive() })]),
  /** A file that the caller reads. */
  file: z.strictObject({ id: z.int().positive() }),
} as const satisfies Readonly<Record<FieldType, z.ZodType>>

/** Values of somebody by the keys of their fields. */
export const partyFields = z.object({
  values: z.record(z.string(), z.unknown()),
  version,
})

/** What is to be set, by the keys of the fields; null takes a value away, and what is not named stays. */
export const partyFieldsChange = z.record(z.string().max(60), z.unknown())
