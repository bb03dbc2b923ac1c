import { CloseButton, Group, Paper, Progress, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Refused } from '../ui/toast.tsx'
import { useSendings } from './uploads.ts'

/** How far files are that are being sent. */
export function Sendings() {
  const { t } = useTranslation('files')
  const sendings = useSendings()
  if (sendings.length === 0) return null
  return (
    <Paper withBorder p="sm" m="md" role="status" aria-label={t('sending')}>
      <Stack gap="xs">
        {sendings.map(({ id, name, part, error, giveUp }) => (
          <div key={id}>
            <Group justify="space-between" wrap="nowrap" gap="xs">
              <Text size="sm" truncate>
                {name}
              </Text>
              <CloseButton size="sm" onClick={giveUp} aria-label={t('giveUp', { name })} />
            </Group>
            {error === undefined ? (
              <Progress value={part * 100} aria-label={name} />
            ) : (
              <Text size="sm" c="var(--mantine-color-error)">
                <Refused error={error} />
              </Text>
            )}
          </div>
        ))}
      </Stack>
    </Paper>
  )
}
