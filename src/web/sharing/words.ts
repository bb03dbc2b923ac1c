import { useTranslation } from 'react-i18next'
import { type Masks, readHiding } from './hiding.ts'
import { useHidingText } from './hiding-field.tsx'

const accesses = ['read', 'no-delete', 'read-write', 'free-busy'] as const

/** What is done with what is shared, and what is seen of it, in words. */
export function useSharingWords() {
  const { t } = useTranslation('sharing')
  const hiding = useHidingText()
  return {
    access: (text: string): string => {
      const known = accesses.find((one) => one === text)
      return known ? t(`access.${known}`) : text
    },
    masks: (masks: Masks): string => hiding(readHiding(masks)),
  }
}
