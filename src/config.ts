import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { defaults, type Settings } from '../config/defaults.ts'
import { originsProblem } from './api/cors.ts'
import { language, timeZone } from './features/accounts/schema.ts'
import { birthdayLanguages } from './features/birthdays/words.ts'
import { networksProblem } from './outbound/networks.ts'

/** Raised for settings that cannot be used; the message says which and what to do. */
export class SettingsError extends Error {
  override name = 'SettingsError'
}

/** Where settings come from, the later ones winning: defaults, the file, the environment, the command line. */
export interface SettingsSources {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** A JSON file; without it `farley.json` in the data folder is read where there is one. */
  readonly file?: string | undefined
  readonly overrides?: Readonly<Record<string, string | undefined>>
}

/**
 * The effective settings, validated; paths made absolute.
 * @throws SettingsError naming the key, and the nearest known one where it is unknown
 */
export function loadSettings(sources: SettingsSources): Settings {
  const given = new Map<string, unknown>()
  const overrides = Object.entries(sources.overrides ?? {}).filter(([, value]) => value !== undefined)
  const fromEnvironment = readEnvironment(sources.environment)
  const data = resolve(String(sources.overrides?.data ?? fromEnvironment.get('data') ?? defaults.data))
  const places = new Map<string, SettingPlace>()
  const take = (place: SettingPlace, entries: Iterable<readonly [string, unknown]>): void => {
    for (const [key, value] of entries) {
      given.set(key, value)
      places.set(key, place)
    }
  }
  take('file', readFile(sources.file ?? sources.environment.FARLEY_CONFIG, data))
  take('environment', fromEnvironment)
  take('command', overrides)
  const valid = validate(given)
  const settings = { ...valid, data: resolve(valid.data) }
  placesOf.set(settings, places)
  return settings
}

/** Where a setting was said. */
export type SettingPlace = 'default' | 'file' | 'environment' | 'command'

/** What is read of a value that is given for a setting, or what is wrong with it. */
export type ReadSetting =
  | { readonly kind: 'read'; readonly value: string | number | boolean }
  | { readonly kind: 'wrong'; readonly reason: string }

/** Judges a value by the same rules wherever it is said. @param key  of a setting that there is */
export function readSetting(key: string, given: unknown): ReadSetting {
  const result = schemaOf(key).safeParse(given)
  if (!result.success) return { kind: 'wrong', reason: result.error.issues[0]?.message ?? 'invalid' }
  return { kind: 'read', value: result.data as string | number | boolean }
}

/** The value of a setting by its dotted name. */
export function settingOf(settings: Settings, key: string): unknown {
  return key.split('.').reduce<unknown>((node, part) => (node as Record<string, unknown>)[part], settings)
}

/** Puts a value that is valid in the place of another. */
export function putSetting(settings: Settings, key: string, value: unknown): void {
  const path = key.split('.')
  const last = path.pop() ?? key
  const parent = path.reduce<unknown>((node, part) => (node as Record<string, unknown>)[part], settings)
  ;(parent as Record<string, unknown>)[last] = value
}

const placesOf = new WeakMap<Settings, ReadonlyMap<string, SettingPlace>>()

/** Where a setting of those that were loaded was said. */
export function placeOfSetting(settings: Settings, key: string): SettingPlace {
  return placesOf.get(settings)?.get(key) ?? 'default'
}

/** The settings for people to read: passwords in URLs and secret keys are masked. */
export function maskedSettings(settings: Settings): Settings {
  const { database, blobs } = settings
  const secretAccessKey = blobs.s3.secretAccessKey === '' ? '' : '***'
  return {
    ...settings,
    database: { ...database, url: maskUrl(database.url) },
    blobs: { ...blobs, s3: { ...blobs.s3, secretAccessKey } },
  }
}

/** Settings by their dotted names, in the order of the defaults. */
export function flatSettings(settings: Settings): readonly (readonly [key: string, value: unknown])[] {
  return flatten(settings, '')
}

/** Without the password, which stands before the last `@` or among the parameters. */
function maskUrl(url: string): string {
  return url.replace(/(:\/\/[^:/@]*:).*@/, '$1***@').replace(/([?&]password=)[^&]*/gi, '$1***')
}

/** All setting names in dotted form, with their defaults. */
export const knownSettings: ReadonlyMap<string, unknown> = new Map(flatten(defaults, ''))

/** The environment variable of a setting: `limits.bodyBytes` is FARLEY_LIMITS_BODY_BYTES. */
export function environmentName(key: string): string {
  return `FARLEY_${key
    .replace(/[A-Z]/g, (c) => `_${c}`)
    .replaceAll('.', '_')
    .toUpperCase()}`
}

function readEnvironment(environment: Readonly<Record<string, string | undefined>>): Map<string, unknown> {
  const byVariable = new Map([...knownSettings.keys()].map((key) => [environmentName(key), key]))
  const found = new Map<string, unknown>()
  for (const [variable, value] of Object.entries(environment)) {
    // FARLEY_TEST_* belongs to the test suite.
    if (
      !variable.startsWith('FARLEY_') ||
      variable.startsWith('FARLEY_TEST_') ||
      variable === 'FARLEY_CONFIG'
    )
      continue
    const key = byVariable.get(variable)
    if (key === undefined)
      throw unknownKey(`The environment variable ${variable}`, variable, [...byVariable.keys()])
    found.set(key, value)
  }
  return found
}

function readFile(path: string | undefined, data: string): [string, unknown][] {
  const file = path ?? join(data, 'farley.json')
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    if (path === undefined) return []
    throw new SettingsError(`The settings file ${file} cannot be read.`)
  }
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw new SettingsError(`The settings file ${file} is not valid JSON: ${(error as Error).message}`)
  }
  if (typeof parsed !== 'object' || parsed === null)
    throw new SettingsError(`The settings file ${file} must hold an object.`)
  const entries = flatten(parsed, '')
  for (const [key] of entries) {
    if (!knownSettings.has(key))
      throw unknownKey(`The key "${key}" in ${file}`, key, [...knownSettings.keys()])
  }
  return entries
}

function validate(given: ReadonlyMap<string, unknown>): Settings {
  const settings: Settings = structuredClone(defaults)
  for (const [key, value] of given) {
    const read = readSetting(key, value)
    if (read.kind === 'wrong')
      throw new SettingsError(
        `The setting ${key} (${environmentName(key)}) cannot be ${shown(value)}: ${read.reason}.`,
      )
    putSetting(settings, key, read.value)
  }
  return settings
}

/** A value as a message may show it. */
function shown(value: unknown): string {
  return JSON.stringify(typeof value === 'string' ? maskUrl(value) : value)
}

/** A number, or its digits: nothing else turns into one, above all no empty text. */
const digits = z.union(
  [
    z.number(),
    z
      .string()
      .regex(/^-?\d+(\.\d+)?$/)
      .transform(Number),
  ],
  {
    error: 'give a number',
  },
)

const networks = z.string().superRefine((value, context) => {
  const message = networksProblem(value)
  if (message !== undefined) context.addIssue({ code: 'custom', message })
})

const origins = z.string().superRefine((value, context) => {
  const message = originsProblem(value)
  if (message !== undefined) context.addIssue({ code: 'custom', message })
})

const special: Readonly<Record<string, z.ZodType>> = {
  port: digits.pipe(z.number().int('a port is a whole number').min(0).max(65_535)),
  publicUrl: z.union([z.literal(''), z.url('give a whole address, such as https://dav.example.org')]),
  'database.url': z.union([
    z.literal(''),
    z
      .string()
      .regex(/^postgres(ql)?:\/\/\S+$/, 'give postgres://user:password@host:5432/name, or leave it empty'),
  ]),
  'blobs.store': z.enum(['file', 's3'], { error: 'give file or s3' }),
  'blobs.s3.endpoint': z.union([
    z.literal(''),
    z.url({ protocol: /^https?$/, error: 'give a whole address, such as https://s3.example.org' }),
  ]),
  'log.level': z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
  'subscriptions.privateNetworks': networks,
  'migration.privateNetworks': networks,
  'webhooks.privateNetworks': networks,
  'api.corsOrigins': origins,
  'birthdays.language': z.enum(birthdayLanguages, { error: `give one of ${birthdayLanguages.join(', ')}` }),
  'birthdays.leapDay': z.enum(['february', 'march'], { error: 'give february or march' }),
  'directory.visibility': z.enum(['all', 'groups', 'none']),
  'accounts.language': z.union([z.literal(''), language], {
    error: 'give a language tag, such as de or pt-BR',
  }),
  'accounts.timeZone': z.union([z.literal(''), timeZone], {
    error: 'give a time zone, such as Europe/Berlin',
  }),
  'people.country': z.string().regex(/^\d{0,3}$/, 'give the digits of a calling code, such as 49'),
  'auth.bcryptCost': digits.pipe(z.number().int().min(4).max(15)),
}

function schemaOf(key: string): z.ZodType {
  const known = special[key]
  if (known) return known
  const value = knownSettings.get(key)
  if (typeof value === 'number')
    return digits.pipe(z.number().int('give a whole number').min(0, 'give a number above zero'))
  if (typeof value === 'boolean') {
    return z.union([
      z.boolean(),
      z.enum(['true', 'false', '1', '0']).transform((v) => v === 'true' || v === '1'),
    ])
  }
  return z.string()
}

function flatten(value: object, prefix: string): [string, unknown][] {
  return Object.entries(value).flatMap(([key, child]): [string, unknown][] =>
    typeof child === 'object' && child !== null && !Array.isArray(child)
      ? flatten(child, `${prefix}${key}.`)
      : [[`${prefix}${key}`, child]],
  )
}

function unknownKey(what: string, key: string, known: readonly string[]): SettingsError {
  const nearest = known
    .map((name) => ({ name, distance: editDistance(name.toLowerCase(), key.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0]
  return new SettingsError(`${what} is not a setting of Farley. Did you mean ${nearest?.name ?? 'another'}?`)
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap))
    }
    row = next
  }
  return row[b.length] ?? 0
}
