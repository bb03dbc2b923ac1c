import { type PartialDate, writtenDate } from './birthday.ts'
import { tellingDigits } from './keys.ts'
import { compareCompanies, compareNames } from './names.ts'
import { isRole, isSharedDomain } from './shared-mail.ts'
import type { Phone, Traits } from './traits.ts'
import { levels, weights } from './weights.ts'

export type Level = 'same' | 'likely' | 'maybe'
export type Feature = 'name' | 'mail' | 'phone' | 'company' | 'birthday' | 'address'

/** Why two cards are taken for one person's, or not. */
export interface Reason {
  readonly feature: Feature
  /** What it was found to be: see `weights`. */
  readonly found: string
  /** What it speaks for; below nought against. */
  readonly weight: number
  /** The two values, as they stand on the cards; empty where one has none. */
  readonly values: readonly [string, string]
}

export interface Score {
  /** The sum of the weights. */
  readonly score: number
  /** Undefined where it is not worth saying. */
  readonly level: Level | undefined
  /** The heaviest first. */
  readonly reasons: readonly Reason[]
}

/** How likely two cards are one person's, or one company's, and why. A person is never a company. */
export function scorePair(one: Traits, other: Traits): Score {
  if (one.kind !== other.kind) return { score: 0, level: undefined, reasons: [] }
  const name = one.kind === 'org' ? companyReason(one, other) : nameReason(one, other)
  const reasons = [
    name,
    mailReason(one, other),
    phoneReason(one, other, name?.found),
    one.kind === 'org' ? undefined : employerReason(one, other),
    birthdayReason(one, other),
    addressReason(one, other),
  ].filter((reason) => reason !== undefined)
  const score = Math.round(reasons.reduce((sum, { weight }) => sum + weight, 0) * 10) / 10
  return {
    score,
    level: levelOf(score, reasons),
    reasons: reasons.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight)),
  }
}

/** One thing that agrees, and nothing else, is never certain. */
function levelOf(score: number, reasons: readonly Reason[]): Level | undefined {
  if (score < levels.maybe) return undefined
  if (score < levels.likely) return 'maybe'
  const firm = reasons.filter(({ weight }) => weight >= weights.name.initial)
  return score >= levels.same && firm.length > 1 ? 'same' : 'likely'
}

function nameReason(one: Traits, other: Traits): Reason | undefined {
  const found = compareNames(one, other)
  if (found === undefined) return undefined
  // A single word that is the same is a part of two names.
  const isWord = found === 'same' && one.words.length === 1 && other.words.length === 1
  const kind = isWord ? 'part' : found
  return { feature: 'name', found: kind, weight: weights.name[kind], values: [one.name, other.name] }
}

function companyReason(one: Traits, other: Traits): Reason | undefined {
  if (one.words.length === 0 || other.words.length === 0) return undefined
  const found = compareCompanies(one.words, other.words)
  return { feature: 'name', found, weight: weights.company[found], values: [one.name, other.name] }
}

function mailReason(one: Traits, other: Traits): Reason | undefined {
  if (one.mails.length === 0 || other.mails.length === 0) return undefined
  const pairs = one.mails.flatMap((mine) =>
    other.mails.map((its) => ({ mine, its, found: mailKind(mine, its, one) })),
  )
  const best = pairs.reduce((best, pair) =>
    weights.mail[pair.found] > weights.mail[best.found] ? pair : best,
  )
  const { mine, its, found } = best
  return { feature: 'mail', found, weight: weights.mail[found], values: [mine.text, its.text] }
}

function mailKind(
  mine: Traits['mails'][number],
  its: Traits['mails'][number],
  { kind }: Traits,
): keyof typeof weights.mail {
  if (mine.text === its.text) return isRole(mine.local) && kind === 'person' ? 'role' : 'same'
  const isPersonal = mine.local === its.local && mine.local.length >= 5 && !isRole(mine.local)
  if (isPersonal) return 'local'
  return mine.domain === its.domain && !isSharedDomain(mine.domain) ? 'domain' : 'other'
}

/** The telephone of a family, or of an office, is that of people with other names. */
function phoneReason(one: Traits, other: Traits, name: string | undefined): Reason | undefined {
  const pairs = one.phones.flatMap((mine) => other.phones.map((its) => [mine, its] as const))
  const [first] = pairs
  if (first === undefined) return undefined
  const same = pairs.filter(([mine, its]) => isSameNumber(mine, its))
  const direct = same.find(([mine, its]) => mine.extension === its.extension)
  const [mine, its] = direct ?? same[0] ?? first
  const values = [mine.text, its.text] as const
  const kind = direct ? 'same' : same.length > 0 ? 'switchboard' : 'other'
  if (kind === 'same' && (name === 'familyOnly' || name === 'generation')) {
    return { feature: 'phone', found: 'family', weight: weights.phone.switchboard, values }
  }
  return { feature: 'phone', found: kind, weight: weights.phone[kind], values }
}

/** Written with or without its country: then the last figures decide. */
function isSameNumber(one: Phone, other: Phone): boolean {
  if (one.digits === other.digits) return true
  const [a, b] = [one.digits, other.digits].map((digits) => digits.replace(/^0+/, ''))
  if (a === undefined || b === undefined || Math.min(a.length, b.length) < tellingDigits) return false
  return a.endsWith(b) || b.endsWith(a)
}

function employerReason(one: Traits, other: Traits): Reason | undefined {
  const pairs = one.companies.flatMap((mine) => other.companies.map((its) => ({ mine, its })))
  const [first] = pairs
  if (first === undefined) return undefined
  const judged = pairs.map((pair) => ({ ...pair, found: compareCompanies(pair.mine.words, pair.its.words) }))
  const best = judged.find(({ found }) => found === 'same') ??
    judged.find(({ found }) => found === 'close') ?? { ...first, found: 'other' as const }
  const { mine, its, found } = best
  return { feature: 'company', found, weight: weights.employer[found], values: [mine.text, its.text] }
}

function birthdayReason(one: Traits, other: Traits): Reason | undefined {
  if (!one.birthday || !other.birthday) return undefined
  const found = birthdayKind(one.birthday, other.birthday)
  const values = [writtenDate(one.birthday), writtenDate(other.birthday)] as const
  return { feature: 'birthday', found, weight: weights.birthday[found], values }
}

function birthdayKind(one: PartialDate, other: PartialDate): keyof typeof weights.birthday {
  const isDay = one.month === other.month && one.day === other.day
  if (one.year === undefined || other.year === undefined) return isDay ? 'day' : 'other'
  if (isDay && one.year === other.year) return 'same'
  if (one.year === other.year && one.month === other.day && one.day === other.month) return 'close'
  const [a, b] = [writtenDate(one), writtenDate(other)]
  const differing = [...a].filter((figure, at) => figure !== b[at]).length
  return differing === 1 ? 'close' : 'other'
}

function addressReason(one: Traits, other: Traits): Reason | undefined {
  const pairs = one.addresses.flatMap((mine) => other.addresses.map((its) => ({ mine, its })))
  const [first] = pairs
  if (first === undefined) return undefined
  const same = pairs.find(
    ({ mine, its }) => mine.street !== '' && mine.street === its.street && mine.place === its.place,
  )
  const near = pairs.find(({ mine, its }) => mine.place !== '' && mine.place === its.place)
  const found = same ? 'same' : near ? 'place' : 'other'
  const { mine, its } = same ?? near ?? first
  return { feature: 'address', found, weight: weights.address[found], values: [mine.text, its.text] }
}
