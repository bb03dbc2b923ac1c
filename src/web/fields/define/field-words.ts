import { useTranslation } from 'react-i18next'
import type { Field } from './fields.ts'
import { types } from './types.ts'

/** What a field holds, and what can be chosen in it, in words. */
export function useFieldWords() {
  const { t, i18n } = useTranslation('fields')
  return {
    type: (text: string): string => {
      const known = types.find((one) => one === text)
      return known ? t(`types.${known}`) : text
    },
    options: ({ choices, currency, decimals }: Field['options']): string =>
      [
        new Intl.ListFormat(i18n.language, { type: 'unit' }).format(
          (choices ?? []).map(({ label: name, isRetired }) =>
            isRetired ? t('retiredChoice', { name }) : name,
          ),
        ),
        currency ?? '',
        decimals === undefined ? '' : `${t('decimals')}: ${decimals}`,
      ]
        .filter((part) => part !== '')
        .join(' · '),
  }
}
