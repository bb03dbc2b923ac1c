import { Badge, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ImportState } from '../imports.ts'

const outcomes = ['created', 'updated', 'unchanged', 'skipped', 'refused'] as const

interface CountsProps {
  readonly counts: ImportState['counts']
  /** Of what would become of it. */
  readonly isTrial: boolean
}

/** How many items come to what. */
export function Counts({ counts, isTrial }: CountsProps) {
  const { t } = useTranslation('import')
  return (
    <Group gap="xs">
      {outcomes
        .filter((outcome) => counts[outcome] > 0)
        .map((outcome) => (
          <Badge key={outcome} size="lg" variant="default" {...(outcome === 'refused' && { color: 'red' })}>
            {t('counted', {
              what: t(isTrial ? `would.${outcome}` : `did.${outcome}`),
              count: counts[outcome],
            })}
          </Badge>
        ))}
    </Group>
  )
}
