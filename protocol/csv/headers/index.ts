import { fold } from '../../text/fold.ts'
import { dutch } from './dutch.ts'
import { english } from './english.ts'
import { french } from './french.ts'
import { german } from './german.ts'
import { italian } from './italian.ts'
import type { HeaderNames } from './names.ts'
import { russian } from './russian.ts'
import { spanish } from './spanish.ts'

/** Every language whose columns are known by name. */
export const languages: Readonly<Record<string, HeaderNames>> = {
  english,
  german,
  french,
  spanish,
  italian,
  dutch,
  russian,
}

/** A name of a column as it is compared: without case, accents and punctuation, `firstName` and `first_name` alike. */
export function foldHeader(header: string): string {
  const spaced = header.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
  return fold(spaced)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** For each language, targets by the folded names. */
export const tables: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  Object.entries(languages).map(([language, names]) => [language, tableOf(names)]),
)

function tableOf(names: HeaderNames): ReadonlyMap<string, string> {
  const table = new Map<string, string>()
  for (const [target, all] of Object.entries(names)) {
    for (const name of all.split('|')) if (!table.has(foldHeader(name))) table.set(foldHeader(name), target)
  }
  return table
}
