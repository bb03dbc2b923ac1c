import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Says that what stands in an editor was left there before. */
export function KeptNote({ isKept }: { readonly isKept: boolean }) {
  const { t } = useTranslation('person')
  if (!isKept) return null
  return (
    <Text size="xs" c="dimmed" role="note">
      {t('draft.isKept')}
    </Text>
  )
}
