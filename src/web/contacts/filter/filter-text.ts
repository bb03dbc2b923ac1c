import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { localeOf } from '../../i18n/locale.ts'
import { type Dates, datesOf } from '../../ui/dates.ts'
import { roles } from '../roles.ts'
import { opText } from './questions.ts'

/** A filter as it is saved, or as the history tells it: with names in place of ids. */
interface Node {
  readonly all?: readonly Node[]
  readonly any?: readonly Node[]
  readonly not?: Node
  readonly field?: string
  readonly op?: string
  /** Of a field of one's own: what it is called, where the history tells it. */
  readonly key?: string
  readonly text?: string
  readonly who?: string
  readonly days?: number
  readonly date?: string
  readonly month?: number
  readonly value?: string | number | boolean
  readonly kind?: string
  readonly kinds?: readonly string[]
  readonly when?: string
  readonly withParts?: boolean
  readonly type?: string
  readonly book?: number | string
  readonly organisation?: number | string
  readonly to?: number | string
}

interface Speech {
  readonly t: TFunction<'contacts'>
  readonly language: string
  readonly dates: Dates
}

/** Questions whose opposite has words of its own. */
const opposites: ReadonlySet<string> = new Set(['contains', 'is', 'known', 'me', 'yes'])

/** Whom a filter asks for, in words, however deep its conditions stand in each other. */
export function useFilterText(): (filter: unknown) => string {
  const { t, i18n } = useTranslation('contacts')
  const language = localeOf(i18n.language)
  return (filter) => filterText(filter, { t, language, dates: datesOf(language) })
}

export function filterText(filter: unknown, speech: Speech): string {
  return nodeText(filter as Node, speech)
}

function nodeText(node: Node, speech: Speech): string {
  const { t } = speech
  if (node.all) return joined(node.all, 'conjunction', speech)
  if (node.any) return joined(node.any, 'disjunction', speech)
  if (!node.not) return questionText(node, speech, false)
  const { not } = node
  const hasWords = not.field !== undefined && opposites.has(opOf(not))
  return hasWords ? questionText(not, speech, true) : t('filter.told.not', { what: nodeText(not, speech) })
}

function joined(parts: readonly Node[], type: 'conjunction' | 'disjunction', speech: Speech): string {
  const { t, language } = speech
  const [first] = parts
  if (!first) return t(type === 'conjunction' ? 'filter.told.everybody' : 'filter.told.nobody')
  if (parts.length === 1) return nodeText(first, speech)
  const texts = parts.map((part) => {
    const text = nodeText(part, speech)
    const isGroup = (part.all ?? part.any ?? []).length > 1
    return isGroup ? `(${text})` : text
  })
  return new Intl.ListFormat(language, { type }).format(texts)
}

function opOf({ who, op }: Node): string {
  return who === 'me' ? 'me' : (op ?? 'yes')
}

function questionText(node: Node, speech: Speech, isNot: boolean): string {
  const { t } = speech
  const { field = '' } = node
  const said = ownWords(node, speech)
  if (said !== undefined) return isNot ? t('filter.told.not', { what: said }) : said
  const what = field === 'custom' ? (node.key ?? '') : t(`filter.fields.${field}`)
  return [what, ...answerText(node, speech, isNot)].filter((word) => word !== '').join(' ')
}

/** Questions that are no name with an answer. */
function ownWords(node: Node, { t }: Speech): string | undefined {
  const { field, kind, book, organisation, withParts, when = 'now', type, to } = node
  if (field === 'kind') return t(kind === 'org' ? 'filter.told.org' : 'filter.told.person')
  if (field === 'book') return t('filter.told.inBook', { name: named(book) })
  if (field === 'works-at') {
    const name = organisation === undefined ? t('filter.told.anyCompany') : named(organisation)
    const said = t(`filter.told.worksAt.${when}`, { name })
    return withParts ? `${said} ${t('filter.told.withParts')}` : said
  }
  if (field !== 'relation') return undefined
  const said = t('filter.told.related', { name: to === undefined ? t('filter.told.anybody') : named(to) })
  return type === undefined ? said : `${said} (${type})`
}

/** What has no name, or none any more, is left open. */
function named(given: number | string | undefined): string {
  return typeof given === 'string' && given !== '' ? given : '…'
}

function answerText(node: Node, { t, language, dates }: Speech, isNot: boolean): string[] {
  const { field = '', days, date, month, kinds = [] } = node
  const op = opOf(node)
  const before = kinds.length === 0 ? [] : [new Intl.ListFormat(language).format(kinds)]
  if (date !== undefined)
    return [
      ...before,
      t(op === 'until' ? 'filter.told.until' : 'filter.told.since', { day: dates.day(`${date}T12:00`) }),
    ]
  if (month !== undefined) {
    const name = dates.partial({ year: null, month, day: null })
    return [...before, t('filter.told.month', { month: name })]
  }
  const text = t(`filter.ops.${opText(field === 'meeting' ? 'birthday' : field, isNot ? `!${op}` : op)}`)
  if (days !== undefined) return [...before, text.replace('…', String(days))]
  if (kinds.length > 0 && node.op === undefined) return before
  return [...before, text, valueText(node, t)]
}

function valueText({ field, text, who, value }: Node, t: TFunction<'contacts'>): string {
  if (typeof value === 'boolean') return t(value ? 'filter.told.yes' : 'filter.told.no')
  if (typeof value === 'number') return String(value)
  const role = field === 'role' ? roles.find((one) => one === text) : undefined
  if (role) return t(`roles.${role}`)
  const given = text ?? (who === 'me' ? undefined : who) ?? value
  return given === undefined ? '' : t('filter.told.quoted', { value: given })
}
