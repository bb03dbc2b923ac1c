import { Button, CloseButton, Group, Paper, Progress, Stack, Text } from '@mantine/core'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused } from '../ui/toast.tsx'
import { type Sending, useSendings } from './uploads.ts'

/** How far files are that are being sent; on pages of people as well. */
export function Sendings() {
  const sendings = useSendings()
  if (sendings.length === 0) return null
  return (
    <Suspense>
      <Parcels sendings={sendings} />
    </Suspense>
  )
}

/** All files of a folder may be on their way. */
const mostShown = 20

function Parcels({ sendings }: { readonly sendings: readonly Sending[] }) {
  const { t } = useTranslation('files')
  const refused = sendings.filter(({ error }) => error !== undefined)
  const others = sendings.filter(({ error }) => error === undefined)
  const shown = [...refused, ...others].slice(0, mostShown)
  return (
    <Paper withBorder p="sm" m="md" role="status" aria-label={t('sending')}>
      <Stack gap="xs">
        {shown.map((sending) => (
          <Parcel key={sending.id} sending={sending} />
        ))}
        {shown.length < sendings.length && (
          <Text size="sm" c="dimmed">
            {t('waiting', { number: sendings.length - shown.length })}
          </Text>
        )}
      </Stack>
    </Paper>
  )
}

function Parcel({ sending: { name, part, error, giveUp, decide } }: { readonly sending: Sending }) {
  const { t } = useTranslation('files')
  return (
    <div>
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
          {decide ? t('clash.taken') : <Refused error={error} />}
        </Text>
      )}
      {decide && (
        <Group gap="xs" mt={4}>
          <Button size="compact-sm" variant="default" onClick={() => decide('replace')}>
            {t('clash.replace')}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => decide('rename')}>
            {t('clash.keepBoth')}
          </Button>
        </Group>
      )}
    </div>
  )
}
