import { useTranslation } from 'react-i18next'
import { type Capability, capabilities } from './roles.ts'

/** What a role lets somebody do, in words. */
export function useCapabilityWords(): (names: readonly string[]) => string {
  const { t, i18n } = useTranslation('admin')
  const textOf = (name: string): string => {
    const known: Capability | undefined = capabilities.find((one) => one === name)
    return known ? t(`capabilities.${known}`) : name
  }
  return (names) => new Intl.ListFormat(i18n.language).format(names.map(textOf))
}
