import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { partyChange } from '../../../features/history/schema.ts'
import { useStateWords } from '../../things/state-words.ts'
import { dayText } from '../beside/span.ts'
import { useWords } from '../card/words.ts'

type FactChange = Extract<z.infer<typeof partyChange>, { type: 'fact' }>
type Told = FactChange['summary']['changes'][number]['from']

/** Parts of facts that are said, in this order; others are no words for people. */
const parts = [
  ...(['type', 'name', 'orgName', 'title', 'department', 'role', 'owner', 'value', 'text'] as const),
  ...(['fromOn', 'sinceOn', 'untilOn', 'direction', 'minutes', 'outcome', 'everyDays'] as const),
] as const
type Part = (typeof parts)[number]

/** What happened, in the language of the page. */
export function useHistoryWords() {
  const { t, i18n } = useTranslation('person')
  const { word } = useWords()
  const { how: toldHow, summary: card } = useStateWords()
  const told = (part: Part, value: Told): string => {
    if (value === null) return ''
    if (value.type === 'party') return value.name
    if (value.type === 'account') return value.displayName || value.name
    if (part.endsWith('On')) return dayText(value.text, i18n.language)
    if (part === 'direction') return t(`directions.${value.text}`, { defaultValue: value.text })
    return part === 'type' ? word(value.text) : value.text
  }
  return {
    card,
    fact: (
      { label, fact, summary: { how, field, people, changes } }: FactChange,
      partyId: number,
    ): string => {
      const name = field?.label ?? t(`facts.${fact}`, { defaultValue: label })
      const names = people.flatMap(({ id, name: one }) => (one === '' || id === partyId ? [] : [one]))
      const values = parts.flatMap((part) => {
        const change = changes.find((one) => one.part === part)
        const both = change ? [told(part, change.from), told(part, change.to)] : []
        const text = both.filter((one) => one !== '').join(' → ')
        return text === '' || names.includes(text) ? [] : [`${t(`told.parts.${part}`)}: ${text}`]
      })
      const said = [...new Set([...names, ...values])].join(' · ')
      const what = toldHow(how, name)
      return said === '' ? what : `${what} – ${said}`
    },
    line: (text: string): string =>
      text
        .split(/\r?\n/)
        .map((line) => lineText(line, word))
        .join('\n'),
  }
}

/** Parts of a line that are names and values of its own. */
const structured = new Set(['N', 'ADR', 'ORG', 'GENDER'])

/** A line of a card as people read it: its value, and what it is for. @see RFC 6350 §3.3 */
function lineText(line: string, word: (type: string) => string): string {
  const found = /^(?:[\w-]+\.)?([\w-]+)((?:;(?:[^:;"]|"[^"]*")*)*):(.*)$/s.exec(line)
  if (!found) return line
  const [, name = '', params = '', value = ''] = found
  const property = name.toUpperCase()
  if (['PHOTO', 'LOGO', 'KEY', 'SOUND'].includes(property)) return '…'
  const types = [...params.matchAll(/;TYPE=("[^"]*"|[^;]*)/gi)]
    .flatMap(([, listed = '']) => listed.replaceAll('"', '').split(','))
    .filter((type) => type !== '' && !/^(?:pref|voice|internet|text)$/i.test(type))
    .map((type) => word(type.toLowerCase()))
  const split = structured.has(property) ? value.split(/(?<!\\);/) : [value]
  const text = split
    .map((part) => unescaped(part).trim())
    .filter((part) => part !== '')
    .join(', ')
  return types.length === 0 ? text : `${text} (${types.join(', ')})`
}

function unescaped(text: string): string {
  return text
    .replace(/\\n/gi, '\n')
    .replace(/\\([\\,;:])/g, '$1')
    .replace(/^_\$!<(.*)>!\$_$/, '$1')
}
