import { forgivenTypos, typosBetween } from '../../../protocol/text/typos.ts'
import type { SearchRow } from '../../../storage/search/candidates.ts'
import { initialsOf } from './document.ts'
import { fieldWeights, type SearchField, type StoredField } from './fields.ts'
import type { Query, QueryForm, QueryWord } from './query.ts'
import { foldText, plainText, wordsOf } from './words.ts'

/** How well something fits: the less the better. */
export interface Ranked {
  readonly row: SearchRow
  readonly cost: number
  /** The field that fits best, and what of the query was found in it. */
  readonly field: SearchField
  readonly text: string
  readonly found: readonly string[]
}

/** What fits how, from the best: ten apart, so that the field comes second. */
export const costs = {
  exact: 0,
  prefix: 10,
  word: 20,
  wordStart: 30,
  initials: 35,
  part: 40,
  typo: 60,
  secondTypo: 70,
} as const
/** Words that are found here and there, rather than one after the other. */
const scattered = 5
/** What is written as it was typed goes before what only sounds like it. */
const otherLetters = 0.5
/** Shorter parts are found at the begin of a word only, and in what somebody or something is called, not in what is written about it. */
export const fewestLetters = 3

const brief: ReadonlySet<SearchField> = new Set(['name', 'nickname', 'heading', 'email', 'company', 'label'])

interface Field {
  readonly name: SearchField
  readonly text: string
  /** Folded, each without doubles. */
  readonly forms: readonly string[]
}

interface Fit {
  readonly cost: number
  readonly field: Field
  readonly found: readonly string[]
}

/**
 * Judges what may fit. Undefined for what does not.
 * @param forgiving  whether typing mistakes are forgiven
 */
export function rank(row: SearchRow, query: Query, forgiving: boolean): Ranked | undefined {
  const fields = fieldsOf(row)
  let best: Fit | undefined
  const take = (fit: Fit | undefined): void => {
    if (fit && (best === undefined || fit.cost < best.cost)) best = fit
  }
  for (const [at, form] of query.forms.entries()) {
    const fit = fitForm(fields, form, forgiving)
    take(fit && { ...fit, cost: fit.cost + (at === 0 ? 0 : otherLetters) })
  }
  if (query.digits.length > 0) for (const field of fields) take(fitDigits(field, query.digits))
  if (query.initials !== undefined) for (const field of fields) take(fitInitials(field, query.initials))
  if (!best) return undefined
  return { row, cost: best.cost, field: best.field.name, text: best.field.text, found: best.found }
}

function fieldsOf(row: SearchRow): Field[] {
  return (JSON.parse(row.texts) as StoredField[]).map(([name, text, ...others]) => {
    const folded = name === 'phone' ? '' : foldText(text)
    const forms = new Set(name === 'phone' ? others : [folded, plainText(folded), ...others])
    return { name, text, forms: [...forms] }
  })
}

function fitForm(fields: readonly Field[], form: QueryForm, forgiving: boolean): Fit | undefined {
  let best: Fit | undefined
  for (const field of fields) {
    if (field.name === 'phone') continue
    const cost = Math.min(fitText(field, form.text), fitText(field, form.plain))
    if (cost < (best?.cost ?? Number.POSITIVE_INFINITY))
      best = { cost, field, found: [form.text, form.plain] }
  }
  if (form.words.length === 1 && (best || !forgiving)) return best
  const apart = fitWords(fields, form.words, forgiving)
  return apart && apart.cost < (best?.cost ?? Number.POSITIVE_INFINITY) ? apart : best
}

/** Every word is somewhere; the worst of them counts. */
function fitWords(
  fields: readonly Field[],
  words: readonly QueryWord[],
  forgiving: boolean,
): Fit | undefined {
  let worst: Fit | undefined
  const found: string[] = []
  for (const word of words) {
    const fit = fitWord(fields, word, forgiving)
    if (!fit) return undefined
    found.push(...fit.found)
    if (worst === undefined || fit.cost > worst.cost) worst = fit
  }
  return worst && { cost: worst.cost + (words.length > 1 ? scattered : 0), field: worst.field, found }
}

function fitWord(fields: readonly Field[], word: QueryWord, forgiving: boolean): Fit | undefined {
  let best: Fit | undefined
  const take = (fit: Fit | undefined): void => {
    if (fit && (best === undefined || fit.cost < best.cost)) best = fit
  }
  for (const field of fields) {
    const cost = field.name === 'phone' ? Number.POSITIVE_INFINITY : fitText(field, word.text)
    if (cost < Number.POSITIVE_INFINITY) take({ cost, field, found: [word.text] })
    if (word.digits.length > 0) take(fitDigits(field, word.digits))
  }
  if (best || !forgiving) return best
  for (const field of fields) take(fitTypo(field, word.text))
  return best
}

function fitText({ name, forms }: Field, sought: string): number {
  const isShort = sought.length < fewestLetters
  if (isShort && !brief.has(name)) return Number.POSITIVE_INFINITY
  let best = Number.POSITIVE_INFINITY
  for (const form of forms) best = Math.min(best, howFound(form, sought, isShort))
  return best + fieldWeights[name]
}

function howFound(form: string, sought: string, isShort: boolean): number {
  const at = form.indexOf(sought)
  if (at < 0) return Number.POSITIVE_INFINITY
  if (at === 0) return form.length === sought.length ? costs.exact : costs.prefix
  let begins = false
  for (let place = at; place >= 0; place = form.indexOf(sought, place + 1)) {
    if (isLetter(form, place - 1) && !unspacedAt(form, place)) continue
    if (!isLetter(form, place + sought.length)) return costs.word
    begins = true
  }
  if (begins) return costs.wordStart
  return isShort ? Number.POSITIVE_INFINITY : costs.part
}

function isLetter(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  if (code < 0x80) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57)
  return code >= 0x80 && /[\p{L}\p{N}\p{M}\ud800-\udfff]/u.test(text.charAt(at))
}

function unspacedAt(text: string, at: number): boolean {
  return (
    text.charCodeAt(at) > 0xe00 &&
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u.test(
      text.charAt(at),
    )
  )
}

function fitDigits(field: Field, digits: readonly string[]): Fit | undefined {
  if (field.name !== 'phone') return undefined
  let cost = Number.POSITIVE_INFINITY
  for (const form of field.forms) {
    for (const part of digits) {
      const at = form.indexOf(part)
      if (at < 0) continue
      const kind =
        form.length === part.length
          ? costs.exact
          : at === 0 || form.endsWith(part)
            ? costs.prefix
            : costs.word
      cost = Math.min(cost, kind + fieldWeights.phone)
    }
  }
  return cost === Number.POSITIVE_INFINITY ? undefined : { cost, field, found: digits }
}

function fitInitials(field: Field, initials: string): Fit | undefined {
  if (field.name !== 'name') return undefined
  const fits = field.forms.some((form) => initialsOf(form).startsWith(initials))
  return fits ? { cost: costs.initials, field, found: [] } : undefined
}

const typed: ReadonlySet<SearchField> = new Set(['name', 'nickname', 'heading', 'company', 'label'])

function fitTypo(field: Field, word: string): Fit | undefined {
  const most = forgivenTypos(word.length)
  if (most === 0 || /\d/.test(word) || !typed.has(field.name)) return undefined
  let best: Fit | undefined
  for (const form of field.forms) {
    for (const other of wordsOf(form)) {
      const typos = typosBetween(word, other, most)
      if (typos === undefined) continue
      const cost = (typos > 1 ? costs.secondTypo : costs.typo) + fieldWeights[field.name]
      if (cost < (best?.cost ?? Number.POSITIVE_INFINITY)) best = { cost, field, found: [other] }
    }
  }
  return best
}
