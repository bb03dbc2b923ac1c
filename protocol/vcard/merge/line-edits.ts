import { type Parameter, parameterValues, splitValue } from '../../text/content-lines.ts'
import { type CardLine, changed, withParameter, wordsOf } from '../convert/line.ts'
import { listItems } from './rewrites.ts'
import { holdsParameter, type MergeRules } from './rules.ts'
import { hasComponents, idle, isList, isMedia, plainText, saidBy, typesOf } from './values.ts'

/** One line as it was served and as it was sent. */
export interface LineEdit {
  readonly served: CardLine
  readonly sent: CardLine
  readonly rules: MergeRules
  /** Whether another one of its property is preferred now. */
  readonly isPreferenceEdited: boolean
}

/** A line with the edit made; itself where it changes nothing. */
export function withEdit(line: CardLine, edit: LineEdit): CardLine {
  const { served, sent } = edit
  if (served === sent) return line
  const isEdited = saidBy(served) !== saidBy(sent)
  const isThere = isEdited && saidBy(line) === saidBy(sent)
  const value = isEdited && !isThere ? editedValue(line, served, sent) : line.value
  const form = isEdited && !isThere ? withForm(line, sent) : line.parameters
  return changed(line, { value, parameters: editedParameters({ ...line, parameters: form }, edit) })
}

/** Whether the edit is more than a known rewrite. */
export function isLineEdited(edit: LineEdit): boolean {
  return withEdit(edit.served, edit) !== edit.served
}

/** Parameters that say how a value is written, and go with it. */
const formNames: ReadonlySet<string> = new Set([
  ...['VALUE', 'ENCODING', 'CHARSET', 'MEDIATYPE', 'CALSCALE', 'X-VALUE', 'X-MEDIATYPE', 'X-CALSCALE'],
  ...['X-APPLE-OMIT-YEAR', 'X-ABCROP-RECTANGLE'],
])

function isForm(line: CardLine, name: string): boolean {
  return formNames.has(name) || (name === 'TYPE' && isMedia(line))
}

function editedValue(line: CardLine, served: CardLine, sent: CardLine): string {
  if (hasComponents(line)) return editedComponents(line, served, sent)
  return isList(line) ? editedList(line, served, sent) : sent.value
}

/** Each component for itself: a device that sends five of a name's seven has changed those that are others. */
function editedComponents(line: CardLine, served: CardLine, sent: CardLine): string {
  const [is, was, now] = [line, served, sent].map(({ value }) => splitValue(value, ';'))
  if (!is || !was || !now) return sent.value
  const length = Math.max(is.length, now.length)
  const parts = Array.from({ length }, (_, at) => {
    const [old = '', next = ''] = [was[at], now[at]]
    return plainText(old) === plainText(next) ? (is[at] ?? next) : next
  })
  while (parts.length > now.length && parts.at(-1) === '') parts.pop()
  return parts.join(';')
}

function editedList(line: CardLine, served: CardLine, sent: CardLine): string {
  const [is, was, now] = [line, served, sent].map(({ value }) => listItems(value))
  if (!is || !was || !now) return sent.value
  const [before, after] = [new Set(was.map(plainText)), new Set(now.map(plainText))]
  const kept = is.filter((item) => after.has(plainText(item)) || !before.has(plainText(item)))
  const known = new Set(kept.map(plainText))
  const added = now.filter((item) => !before.has(plainText(item)) && !known.has(plainText(item)))
  return [...kept, ...added].join(',')
}

function withForm(line: CardLine, sent: CardLine): readonly Parameter[] {
  const kept = line.parameters.filter(({ name }) => !isForm(line, name))
  const form = sent.parameters.filter(({ name }) => isForm(line, name))
  return [...form, ...kept]
}

function editedParameters(line: CardLine, edit: LineEdit): readonly Parameter[] {
  const { served, sent, rules } = edit
  const names = new Set([...served.parameters, ...sent.parameters].map(({ name }) => name))
  let { parameters } = line
  if (!isMedia(line)) parameters = editedTypes(line, edit)
  for (const name of names) {
    if (name === 'TYPE' || isForm(line, name)) continue
    const [was, now] = [parameterValues(served, name), parameterValues(sent, name)]
    if (was.join('\u0000') === now.join('\u0000')) continue
    const isMeant = name === 'PREF' ? edit.isPreferenceEdited : now.length > 0 || holdsParameter(rules, name)
    if (isMeant) parameters = withParameter(parameters, name, now)
  }
  return parameters
}

/** Words of TYPE that programs have for these; other words come and go with the program. */
const everyday: ReadonlySet<string> = new Set(['home', 'work', 'cell', 'fax', 'pager', 'main', 'iphone'])
const contactNames: ReadonlySet<string> = new Set(['TEL', 'EMAIL', 'ADR', 'LABEL', 'IMPP', 'URL'])

function editedTypes(line: CardLine, edit: LineEdit): readonly Parameter[] {
  const [was, now] = [typeWords(edit.served, edit), typeWords(edit.sent, edit)]
  const gone = new Set([...was].filter((word) => !now.has(word) && isTypeHeld(line, word, edit)))
  const added = [...now].filter((word) => !was.has(word))
  const is = wordsOf(line, 'TYPE')
  const missing = added.filter((word) => !is.includes(word))
  if (missing.length === 0 && !is.some((word) => gone.has(word))) return line.parameters
  const words = parameterValues(line, 'TYPE').flatMap((value) => value.split(','))
  const kept = words.filter((word) => !gone.has(word.trim().toLowerCase()))
  return withParameter(line.parameters, 'TYPE', [...kept, ...missing])
}

function typeWords(line: CardLine, { isPreferenceEdited }: LineEdit): ReadonlySet<string> {
  const types = typesOf(line)
  return isPreferenceEdited && wordsOf(line, 'TYPE').includes('pref') ? new Set([...types, 'pref']) : types
}

function isTypeHeld({ name }: CardLine, word: string, { rules }: LineEdit): boolean {
  if (idle.has(word) || rules.parameters === 'all') return true
  return !contactNames.has(name) || everyday.has(word)
}
