import { parameterValues } from '../../text/content-lines.ts'
import { type CardLine, changed, hasWord, without, withParameter, wordsOf } from '../convert/line.ts'
import type { CardVersion } from '../convert.ts'

/** Where something is used, and not what it is. */
export const places: readonly string[] = ['home', 'work']

/** The words of TYPE that say what a value is for, in lower case, each once. */
export function readTypes(line: CardLine): string[] {
  return [...new Set(wordsOf(line, 'TYPE').filter((word) => !isOther(line, word)))]
}

/** The line with other such words; those that stay are spelt as they are. */
export function writeTypes(line: CardLine, types: readonly string[], version: CardVersion): CardLine {
  const before = readTypes(line)
  const words = types.map((type) => type.trim().toLowerCase())
  const wanted = new Set(words.filter((word) => before.includes(word) || isWord(word)))
  if (before.length === wanted.size && before.every((type) => wanted.has(type))) return line
  const written = typeWords(line)
  const kept = written.filter((word) => isOther(line, word.toLowerCase()) || wanted.has(word.toLowerCase()))
  const missing = [...wanted].filter((type) => !before.includes(type))
  const added = missing.map((type) => (version === '3.0' ? type.toUpperCase() : type))
  return changed(line, { parameters: withTypes(line, [...kept, ...added]) })
}

export function isPreferred(line: CardLine): boolean {
  return hasWord(line, 'TYPE', 'pref') || parameterValues(line, 'PREF')[0] === '1'
}

/** @see RFC 2426 §3.2.1, RFC 6350 §5.3 */
export function writePreferred(line: CardLine, is: boolean, version: CardVersion): CardLine {
  if (isPreferred(line) === is) return line
  if (is && version === '4.0') {
    return changed(line, { parameters: withParameter(line.parameters, 'PREF', ['1']) })
  }
  const words = typeWords(line)
  if (is) return changed(line, { parameters: withTypes(line, [...words, 'pref']) })
  const rest = words.filter((word) => word.toLowerCase() !== 'pref')
  const parameters = rest.length === words.length ? line.parameters : withTypes(line, rest)
  return changed(line, { parameters: without(parameters, 'PREF') })
}

/** The services that Apple's profiles name among their types. */
export function serviceWords(line: CardLine): string[] {
  return typeWords(line).filter((word) => !places.includes(word.toLowerCase()) && !/^pref$/i.test(word))
}

/** The parameters with these words of TYPE, in the way the line writes them: one parameter, or one for each. */
export function withTypes(line: CardLine, words: readonly string[]): CardLine['parameters'] {
  const isSpread = line.parameters.filter(({ name }) => name === 'TYPE').length > 1
  const types = isSpread
    ? words.map((word) => ({ name: 'TYPE', values: [word] }))
    : words.length > 0
      ? [{ name: 'TYPE', values: words }]
      : []
  const at = line.parameters.findIndex(({ name }) => name === 'TYPE')
  const rest = without(line.parameters, 'TYPE')
  return at === -1 ? [...types, ...rest] : [...rest.slice(0, at), ...types, ...rest.slice(at)]
}

/** As they are written. */
function typeWords(line: CardLine): string[] {
  return parameterValues(line, 'TYPE')
    .flatMap((value) => value.split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '')
}

function isOther({ name }: CardLine, word: string): boolean {
  if (word === '' || word === 'pref') return true
  return name === 'X-SOCIALPROFILE' && !places.includes(word)
}

/** @see RFC 6350 §3.3 */
function isWord(type: string): boolean {
  return /^[a-z0-9-]+$/.test(type) && type !== 'pref'
}
