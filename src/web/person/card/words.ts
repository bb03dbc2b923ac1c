import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { About, ListName } from './merged.ts'

/** Types and Apple's labels that the catalogues have a word for. */
const known = new Set(
  (
    'home work cell main fax pager other school homefax workfax homepage anniversary mother father parent ' +
    'brother sister child friend spouse partner assistant manager son daughter colleague neighbor emergency ' +
    'sibling grandparent grandchild kin acquaintance co-resident sweetheart report assisted agent principal ' +
    'emergency-of referred-by referred contact met'
  ).split(' '),
)
const same: Readonly<Record<string, string>> = { mobile: 'cell', iphone: 'cell', 'co-worker': 'colleague' }

/** What says nothing to people. */
const silent = new Set(['pref', 'voice', 'internet', 'x400', 'text', 'dom', 'intl', 'postal', 'parcel'])

/** How values are called in the language of the page. */
export function useWords() {
  const { t } = useTranslation('person')
  return {
    /** A type or one of Apple's labels. */
    word: (written: string) => wordOf(t, written),
    /** What a value is called: its own label, else its types, else what its list is. */
    labelOf: (list: ListName, { types, label, isBuiltIn }: Omit<About, 'isPreferred'>): string => {
      if (label !== '') return isBuiltIn ? wordOf(t, label) : label
      const told = types.filter((type) => !silent.has(type)).map((type) => wordOf(t, type))
      return told.length > 0 ? told.join(', ') : t(`lists.${list}`)
    },
  }
}

function wordOf(t: TFunction<'person'>, written: string): string {
  const folded = written.toLowerCase().replaceAll(' ', '')
  const key = same[folded] ?? folded
  return known.has(key) ? t(`words.${key}`) : written
}
