import { useTranslation } from 'react-i18next'
import { wallOf } from './line.ts'

/** What the server calls the parts of cards, events and tasks, and the catalogues too. @see toldChange */
const properties: ReadonlySet<string> = new Set([
  ...['name', 'nickname', 'phone', 'mail address', 'address', 'company', 'job title', 'role', 'web address'],
  ...['chat address', 'note', 'photo', 'birthday', 'anniversary', 'labels', 'relation', 'date', 'members'],
  ...['title', 'description', 'place', 'start', 'end', 'length', 'due date', 'completion', 'progress'],
  ...['priority', 'repetition', 'left out dates', 'extra dates', 'guest', 'organizer', 'attachment'],
  ...['status', 'free or busy', 'who may see it', 'alarm', 'time zone', 'main task'],
])
const hows = new Set(['added', 'changed', 'removed'])

/** What differs between states of something, in the language of the page. */
export function useStateWords() {
  const { t, i18n } = useTranslation('things')
  const property = (what: string): string => {
    const [, of, key] = /^(?:(.*) of )?instance (\S+)$/.exec(what) ?? []
    if (key !== undefined) {
      const when = wallOf(key)?.text(i18n.language) ?? key
      return of === undefined
        ? t('told.instance', { when })
        : t('told.ofInstance', { what: property(of), when })
    }
    return properties.has(what) ? t(`told.properties.${what.replaceAll(' ', '-')}`) : what
  }
  return {
    property,
    how: (how: 'added' | 'changed' | 'removed', what: string): string => t(`told.how.${how}`, { what }),
    /** The server's own words, as `phone added, note changed`. */
    summary: (summary: string): string => {
      if (summary === 'too much to compare') return t('told.tooMuch')
      const said = summary.split(', ').map((one) => {
        const more = /^(\d+) more$/.exec(one)?.[1]
        if (more !== undefined) return t('told.more', { count: Number(more) })
        const [, what = '', how = ''] = /^(.*) (\w+)$/.exec(one) ?? []
        return hows.has(how) ? t(`told.how.${how}`, { what: property(what) }) : one
      })
      const text = said.join(', ')
      return text.charAt(0).toLocaleUpperCase(i18n.language) + text.slice(1)
    },
  }
}
