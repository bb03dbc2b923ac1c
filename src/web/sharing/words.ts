import { useTranslation } from 'react-i18next'
import { type Masks, readHiding } from './hiding.ts'
import { useHidingText } from './hiding-field.tsx'

const accesses = ['read', 'no-delete', 'read-write', 'free-busy'] as const

/** What is done with what is shared, and what is seen of it, in words. */
export function useSharingWords() {
  const { t, i18n } = useTranslation('sharing')
  const hiding = useHidingText()
  return {
    access: (text: string): string => {
      const known = accesses.find((one) => one === text)
      return known ? t(`access.${known}`) : text
    },
    masks: (masks: Masks): string => hiding(readHiding(masks)),
    /** What is hidden by these rules. */
    hidden: (rules: readonly string[]): string => {
      const { hidden, kept } = readHiding([{ hide: [...rules] }])
      return new Intl.ListFormat(i18n.language).format([...hidden.map((key) => t(`hidden.${key}`)), ...kept])
    },
    /** What alone is seen by these. */
    only: (rules: readonly string[]): string => {
      const seen = readHiding([{ hide: [], only: [...rules] }])
      return seen.mode === 'work' ? hiding(seen) : rules.join(', ')
    },
  }
}
