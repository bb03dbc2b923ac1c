import { useTranslation } from 'react-i18next'

const known = new Set(['lead', 'customer', 'supplier', 'partner', 'competitor', 'employee', 'press'])

/** Roles in the language of the page; own ones are as they are. */
export function useRoleWord(): (role: string) => string {
  const { t } = useTranslation('person')
  return (role) => (known.has(role) ? t(`roles.${role}`) : role)
}
