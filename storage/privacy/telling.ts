import type { Erased } from './find-erased.ts'

/** Words that are shorter stand in too much that is of others. */
const shortestWord = 4

/** Words that are worth being looked for. */
export function wordsOf(words: readonly string[]): string[] {
  return words.filter((word) => word.length >= shortestWord)
}

export function isNamed(text: string, words: readonly string[]): boolean {
  const folded = text.toLowerCase()
  return words.some((word) => folded.includes(word.toLowerCase()))
}

/** Words in the name of one of his own resources that tell who it was: any part of his name, or what stands before the @. */
export function wordsOfNames({ names, mails }: Pick<Erased, 'names' | 'mails'>): string[] {
  const parts = names.flatMap((name) => name.split(/[^\p{L}\p{N}]+/u))
  return wordsOf([...parts, ...mails, ...mails.map((mail) => mail.split('@', 1)[0] ?? '')])
}

/**
 * Tells of a text that may be of others too whether it says who somebody was: his whole name, however its parts are joined, an address or
 * a UID. One word of a name does not: others are called so.
 */
export function telling({ names, mails, uids }: Pick<Erased, 'names' | 'mails' | 'uids'>) {
  const words = wordsOf([...mails, ...uids]).map((word) => word.toLowerCase())
  const whole = names.map(partsOf).filter((parts) => parts.length > 1)
  return (text: string): boolean => {
    const folded = text.toLowerCase()
    if (words.some((word) => folded.includes(word))) return true
    const said = new Set(partsOf(text))
    return whole.some((parts) => parts.every((part) => said.has(part)))
  }
}

function partsOf(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '')
}
