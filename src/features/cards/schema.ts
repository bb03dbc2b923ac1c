import { z } from 'zod'

const key = z.string()
const text = z.string()

/** The lists of values that a card may have. */
export const listNames = [
  'orgs',
  'titles',
  'roles',
  'phones',
  'mails',
  'addresses',
  'urls',
  'messengers',
  'profiles',
  'dates',
  'related',
  'notes',
  'languages',
  'pronouns',
] as const

/** One value, and what the card says about it. */
function shown<Value extends z.ZodType>(value: Value) {
  return z.array(
    z.object({
      /** What names it in edits: the same while its line is the same. */
      key,
      value,
      /** In lower case: home, work, cell, fax … */
      types: z.array(text),
      /** What the user calls it; empty where nobody does. */
      label: text,
      /** The label is one of Apple's own words, which programs translate: see the list of them. */
      isBuiltIn: z.boolean(),
      isPreferred: z.boolean(),
    }),
  )
}

/** A date of which parts may be missing; `text` is of what is no date of this calendar. */
const date = z.object({
  year: z.int().nullable(),
  month: z.int().nullable(),
  day: z.int().nullable(),
  /** `T102030Z`; empty for a whole day. */
  time: text,
  text,
})
const org = z.object({ name: text, units: z.array(text) })
const address = z.object({
  postOfficeBox: text,
  extended: text,
  street: text,
  locality: text,
  region: text,
  postalCode: text,
  country: text,
  /** Two letters. */
  countryCode: text,
})
const messenger = z.object({ service: text, address: text })
const profile = z.object({ service: text, user: text, uri: text })
const relatedName = z.object({ name: text, uri: text })
const gender = z.object({ sex: text, identity: text })

/** Everything a card says, typed; empty where it says nothing. */
export const cardDetails = z.object({
  version: z.enum(['3.0', '4.0']),
  uid: text,
  kind: z.enum(['individual', 'org', 'group']),
  fn: text,
  name: z.object({
    prefix: text,
    given: text,
    additional: text,
    family: text,
    suffix: text,
    family2: text,
    generation: text,
    phoneticGiven: text,
    phoneticAdditional: text,
    phoneticFamily: text,
    maiden: text,
  }),
  nicknames: z.array(text),
  phoneticOrg: text,
  birthday: date.nullable(),
  anniversary: date.nullable(),
  gender,
  timeZone: text,
  language: text,
  /** Lists of people that this one is in. */
  categories: z.array(text),
  photo: z.object({ mediaType: text, uri: text }).nullable(),
  orgs: shown(org),
  titles: shown(text),
  roles: shown(text),
  phones: shown(text),
  mails: shown(text),
  addresses: shown(address),
  urls: shown(text),
  messengers: shown(messenger),
  profiles: shown(profile),
  dates: shown(date),
  related: shown(relatedName),
  notes: shown(text),
  languages: shown(text),
  pronouns: shown(text),
  /** Names of properties that are not shown here; they stay in the card whatever is edited. */
  others: z.array(text),
})

export const cardReply = z.object({
  id: z.int(),
  /** The address book, and whom the card describes; null where that is nobody, as of a list. */
  book: z.int(),
  party: z.int().nullable(),
  /** Its name in URLs. */
  name: text,
  etag: text,
  changedAt: z.iso.datetime(),
  /** What whoever asks may do with it. */
  rights: z.object({ edit: z.boolean(), remove: z.boolean() }),
  details: cardDetails,
})

/** An address book that somebody reads. */
export const book = z.object({
  id: z.int(),
  /** Its name in the URLs of its owner. */
  name: text,
  title: text,
  description: text.nullable(),
  /**
   * How one has it: as one's own; as what holds people whom somebody else shares one by one; as another's that is shared and in
   * one's home, where it is called as one likes; or only read, as a delegate does.
   */
  had: z.enum(['own', 'given', 'shared', 'seen']),
  owner: z.object({ id: z.int(), name: text }),
  isOwn: z.boolean(),
  isDefault: z.boolean(),
  isShared: z.boolean(),
  /** Whether cards may be edited, added and taken away. */
  rights: z.object({ edit: z.boolean(), add: z.boolean(), remove: z.boolean() }),
  /** Counts its changes. */
  change: z.int(),
})

export const bookList = z.object({ books: z.array(book) })

export const labelList = z.object({
  labels: z.array(
    z.object({
      /** As it is given in edits, with `isBuiltIn`. */
      label: text,
      /** In plain English. */
      plain: text,
      lists: z.array(z.enum(listNames)),
    }),
  ),
})

/** Characters of a text in an edit at most; of a note. */
const short = z.string().max(4_000)
const long = z.string().max(200_000)
const words = z.array(z.string().max(200)).max(200)

const someDate = z.strictObject({
  year: z.int().min(1).max(9999).nullable().default(null),
  month: z.int().min(1).max(12).nullable().default(null),
  day: z.int().min(1).max(31).nullable().default(null),
  time: z
    .string()
    .regex(/^(?:T\d{6}(?:Z|[+-]\d{4})?)?$/)
    .default(''),
  text: short.default(''),
})
const someAddress = z.strictObject({
  postOfficeBox: short.default(''),
  extended: short.default(''),
  street: short.default(''),
  locality: short.default(''),
  region: short.default(''),
  postalCode: short.default(''),
  country: short.default(''),
  countryCode: z
    .string()
    .regex(/^(?:[A-Za-z]{2})?$/, 'two letters')
    .default(''),
})

/** What a value of each list is in an edit. */
const values = {
  orgs: z.strictObject({ name: short.default(''), units: words.default([]) }),
  titles: short,
  roles: short,
  phones: short,
  mails: short,
  addresses: someAddress,
  urls: short,
  messengers: z.strictObject({ service: short.default(''), address: short }),
  profiles: z.strictObject({ service: short.default(''), user: short.default(''), uri: short.default('') }),
  dates: someDate,
  related: z.strictObject({ name: short.default(''), uri: short.default('') }),
  notes: long,
  languages: short,
  pronouns: short,
}

const about = {
  types: z.array(z.string().max(60)).max(20).optional(),
  label: z.string().max(200).optional(),
  isBuiltIn: z.boolean().optional(),
  isPreferred: z.boolean().optional(),
}
const op = { add: z.literal('add'), change: z.literal('change'), remove: z.literal('remove') }
const named = z.string().min(1).max(200)

function adds<L extends string, Value extends z.ZodType>(list: L, value: Value) {
  return z.strictObject({ op: op.add, list: z.literal(list), value, ...about })
}

function changes<L extends string, Value extends z.ZodType>(list: L, value: Value) {
  return z.strictObject({
    op: op.change,
    list: z.literal(list),
    key: named,
    value: value.optional(),
    ...about,
  })
}

const add = z.discriminatedUnion('list', [
  adds('orgs', values.orgs),
  adds('titles', values.titles),
  adds('roles', values.roles),
  adds('phones', values.phones),
  adds('mails', values.mails),
  adds('addresses', values.addresses),
  adds('urls', values.urls),
  adds('messengers', values.messengers),
  adds('profiles', values.profiles),
  adds('dates', values.dates),
  adds('related', values.related),
  adds('notes', values.notes),
  adds('languages', values.languages),
  adds('pronouns', values.pronouns),
])
const changeOne = z.discriminatedUnion('list', [
  changes('orgs', values.orgs),
  changes('titles', values.titles),
  changes('roles', values.roles),
  changes('phones', values.phones),
  changes('mails', values.mails),
  changes('addresses', values.addresses),
  changes('urls', values.urls),
  changes('messengers', values.messengers),
  changes('profiles', values.profiles),
  changes('dates', values.dates),
  changes('related', values.related),
  changes('notes', values.notes),
  changes('languages', values.languages),
  changes('pronouns', values.pronouns),
])

const part = short.optional()

/** One thing to do to a card; empty texts and null take away. */
export const cardEdit = z.discriminatedUnion('op', [
  add,
  changeOne,
  z.strictObject({ op: op.remove, list: z.enum(listNames), key: named }),
  z.strictObject({
    op: z.literal('text'),
    property: z.enum(['fn', 'phoneticOrg', 'timeZone', 'language']),
    value: short,
  }),
  z.strictObject({
    op: z.literal('name'),
    /** Those not given stay. The name to show is made anew where it was made of them. */
    parts: z.strictObject({
      prefix: part,
      given: part,
      additional: part,
      family: part,
      suffix: part,
      family2: part,
      generation: part,
      phoneticGiven: part,
      phoneticAdditional: part,
      phoneticFamily: part,
      maiden: part,
    }),
  }),
  z.strictObject({ op: z.literal('nicknames'), values: words }),
  z.strictObject({ op: z.literal('kind'), kind: z.enum(['individual', 'org']) }),
  z.strictObject({
    op: z.literal('gender'),
    gender: z.strictObject({ sex: z.enum(['', 'M', 'F', 'O', 'N', 'U']), identity: short.default('') }),
  }),
  z.strictObject({
    op: z.literal('date'),
    property: z.enum(['birthday', 'anniversary']),
    date: someDate.nullable(),
  }),
  z.strictObject({
    op: z.literal('employer'),
    org: part,
    units: words.optional(),
    title: part,
    role: part,
  }),
  z.strictObject({ op: z.literal('categories'), values: words }),
])

const edits = z.array(cardEdit).max(200)

export const cardChange = z.strictObject({ edits: edits.min(1) })

export const newCardRequest = z.strictObject({
  /** What is to stand in it. */
  edits,
  version: z.enum(['3.0', '4.0']).default('3.0'),
})

export const transferRequest = z.strictObject({
  /** The address book that it is to go to. */
  book: z.int(),
})

/** Pixels of the longer side that a photo is scaled to; one that is small is given as it is. */
export const photoQuery = z.object({ size: z.enum(['96', '256']).transform(Number).optional() })

/** Rules of a mask with commas between them, as `NOTE,TEL;TYPE=home`. @see writtenMask */
const rules = z
  .string()
  .max(5_000)
  .transform((text) => text.split(',').filter((rule) => rule !== ''))

/** What is hidden of a card; with `only`, all but that. */
export const maskedQuery = z.object({ hide: rules.default([]), only: rules.optional() })
/** Null for a card that cannot be judged: nothing is seen of it. */
export const maskedCard = z.object({ details: cardDetails.nullable() })

export const vcardQuery = z.object({
  /** Without it the version that the card is kept in. */
  version: z.enum(['3.0', '4.0']).optional(),
})
