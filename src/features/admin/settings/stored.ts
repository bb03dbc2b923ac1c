import type { Settings } from '../../../../config/defaults.ts'
import type { StoredSetting } from '../../../../storage/upkeep/settings.ts'
import { placeOfSetting, putSetting, readSetting, settingOf } from '../../../config.ts'
import { changeable } from './changeable.ts'

const longestText = 200

/** What is wrong with a value for a setting that can be changed; undefined where nothing is. */
export function faultOf(key: string, value: unknown): string | undefined {
  const rule = changeable.get(key)
  if (!rule) return 'it is not changed here'
  const read = readSetting(key, value)
  if (read.kind === 'wrong') return read.reason
  const { least = 0, most = Number.MAX_SAFE_INTEGER } = rule
  if (typeof read.value === 'number' && (read.value < least || read.value > most))
    return `give a number from ${least} to ${most}`
  if (typeof read.value !== 'string') return undefined
  if (read.value.length > longestText) return `give ${longestText} letters at most`
  if (/\p{Cc}/u.test(read.value)) return 'give one line'
  return key === 'directory.bookName' && read.value.trim() === '' ? 'give a name' : undefined
}

/** The value that a row holds; undefined where it is none any more. */
export function valueIn({
  key,
  value,
}: Pick<StoredSetting, 'key' | 'value'>): string | number | boolean | undefined {
  if (faultOf(key, parsed(value)) !== undefined) return undefined
  const read = readSetting(key, parsed(value))
  return read.kind === 'read' ? read.value : undefined
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** Whether the settings file, the environment or the command line say it: that counts more than what a page says. */
export function isSaid(settings: Settings, key: string): boolean {
  return placeOfSetting(settings, key) !== 'default'
}

const starts = new WeakMap<Settings, ReadonlyMap<string, unknown>>()

/** What the server started with, of what can be changed. */
export function startOf(settings: Settings): ReadonlyMap<string, unknown> {
  const known = starts.get(settings)
  if (known) return known
  const start = new Map([...changeable.keys()].map((key) => [key, settingOf(settings, key)]))
  starts.set(settings, start)
  return start
}

/**
 * Has everything that reads these settings see what was changed by a page: they are the same object for the whole process.
 * @returns keys of rows that do not count, because of what they hold
 */
export function applyStored(settings: Settings, rows: readonly StoredSetting[]): readonly string[] {
  const stored = new Map(rows.map((row) => [row.key, row]))
  for (const [key, start] of startOf(settings)) {
    const row = stored.get(key)
    const value = row && !isSaid(settings, key) ? valueIn(row) : undefined
    putSetting(settings, key, value ?? start)
  }
  return rows.filter((row) => valueIn(row) === undefined).map(({ key }) => key)
}
