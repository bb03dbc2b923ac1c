import { writtenDate } from './birthday.ts'
import { joinedNames } from './names.ts'
import { nameGroups } from './nicknames.ts'
import { isRole, isSharedDomain } from './shared-mail.ts'
import type { Company, Traits } from './traits.ts'
import { sound } from './words.ts'

/** Keys of one card at most. */
export const mostKeys = 24
/** Digits of a number that tell it from others, however its country is written. */
export const tellingDigits = 8

/**
 * What cards of the same person have in common, as keys: only cards that share one are compared. Each is a number of 53 bits
 * made of the text; two texts of one number cost a comparison, nothing else. Persons and companies share none.
 */
export function matchKeys(traits: Traits): readonly number[] {
  const texts = traits.kind === 'org' ? companyKeys(traits) : personKeys(traits)
  return [...new Set([...texts, ...reachKeys(traits)].map((text) => hashOf(`${traits.kind} ${text}`)))].slice(
    0,
    mostKeys,
  )
}

/** Names in any order, by what they sound like, and with the given name as its initial; who works where; who was born when. */
function personKeys(traits: Traits): string[] {
  const { words, given, companies, birthday, mails, nicknames } = traits
  const pairs = pairsOf(traits)
  const [only] = words
  const first = given[0] ?? only
  const firsts = first === undefined ? [] : [...nameGroups(first).slice(0, 2), ...nicknames.slice(0, 1)]
  return [
    ...pairs.flatMap(([one, other]) => namesKeys(one, other)),
    ...pairs.map(([one, other]) => `sound ${[sound(one), sound(other)].sort().join(' ')}`),
    ...pairs.slice(0, 2).map(([one, other]) => `initial ${one.charAt(0)} ${sound(other)}`),
    ...joinedNames(traits).flatMap((word) =>
      pairs.length === 0 || isEastAsian(word) ? [`word ${word}`] : [],
    ),
    ...firsts.flatMap((name) => [
      ...companies.slice(0, 2).map((company) => `job ${companyKey(company)} ${name}`),
      ...mails
        .filter(({ domain }) => !isSharedDomain(domain))
        .slice(0, 2)
        .map(({ domain }) => `desk ${domain} ${name}`),
    ]),
    ...(birthday && only !== undefined ? [`born ${writtenDate(birthday).slice(-5)} ${sound(only)}`] : []),
  ]
}

function isEastAsian(word: string): boolean {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(word)
}

function namesKeys(one: string, other: string): string[] {
  return nameGroups(one)
    .slice(0, 2)
    .map((group) => `name ${[group, other].sort().join(' ')}`)
}

/** Given name and family name; where the card does not tell them apart, each word may be either. */
function pairsOf({ words, given, family }: Traits): [string, string][] {
  const [first] = given
  if (first !== undefined) return family.slice(0, 2).map((last) => [first, last])
  const some = words.slice(0, 3)
  return some.flatMap((one, at) =>
    some.slice(at + 1).flatMap((other): [string, string][] => [
      [one, other],
      [other, one],
    ]),
  )
}

function companyKeys({ words, mails }: Traits): string[] {
  const domains = mails.filter(({ domain }) => !isSharedDomain(domain)).slice(0, 2)
  return [
    `company ${words.join('')}`,
    `begin ${[...words].sort().slice(0, 2).join(' ')}`,
    ...words.slice(0, 1).map((word) => `sound ${sound(word)} ${sound(words[1] ?? '')}`),
    ...domains.map(({ domain }) => `domain ${domain}`),
  ]
}

function companyKey({ words }: Company): string {
  return words.slice(0, 2).join(' ')
}

/** Addresses and numbers. */
function reachKeys({ mails, phones }: Traits): string[] {
  return [
    ...mails.slice(0, 5).map(({ text }) => `mail ${text}`),
    ...mails
      .flatMap(({ local }) => (local.length < 5 || isRole(local) ? [] : [`local ${local}`]))
      .slice(0, 3),
    ...phones.slice(0, 5).map(({ digits }) => `phone ${digits.slice(-tellingDigits)}`),
  ]
}

/** 53 bits, so that it is a whole number everywhere; spread well, and no secret. */
function hashOf(text: string): number {
  let [a, b] = [0xdeadbeef, 0x41c6ce57]
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    a = Math.imul(a ^ code, 2654435761)
    b = Math.imul(b ^ code, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return 4294967296 * (2097151 & b) + (a >>> 0)
}
