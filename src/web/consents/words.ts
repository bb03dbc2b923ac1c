import { useTranslation } from 'react-i18next'
import { any } from './consents.ts'

export const channels = ['mail', 'phone', 'post', 'sms'] as const

/** Channels and purposes in the language of the page; own ones are as they are. */
export function useConsentWords() {
  const { t } = useTranslation('consents')
  const channel = (word: string): string => {
    const known = [any, ...channels].find((one) => one === word)
    return known === undefined ? word : t(`channels.${known}`)
  }
  const purpose = (word: string): string => (word === any ? t('anyPurpose') : word)
  return {
    channel,
    purpose,
    /** "Mail · newsletter" */
    about: (one: { readonly channel: string; readonly purpose: string }): string =>
      `${channel(one.channel)} · ${purpose(one.purpose)}`,
  }
}
