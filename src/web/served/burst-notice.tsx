import { Alert, Button, Group, Text } from '@mantine/core'
import { IconDeviceMobileExclamation } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { send } from '../client/api.ts'
import { queryClient } from '../client/query.ts'
import { takeBackBurst } from '../client/undo.ts'
import { useDates } from '../ui/dates.ts'
import { FailedPart } from '../ui/states.tsx'
import { tellDone, tellFailed } from '../ui/toast.tsx'
import { type Burst, useBursts } from './bursts.ts'

/** Says on every page that a device has deleted or rewritten much at once, with the way back; nothing where none has. */
export function BurstNotice() {
  const bursts = useBursts()
  const [first] = bursts.data ?? []
  return first ? <Notice key={first.id} burst={first} /> : <FailedPart of={[bursts]} />
}

function Notice({ burst: { id, device, collection, deleted, changed, to } }: { readonly burst: Burst }) {
  const { t } = useTranslation('served')
  const { time } = useDates()
  const names = { device: device.label, collection }
  const onSettled = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['bursts'] })
  const undo = useMutation({
    mutationFn: () => takeBackBurst(id),
    onSuccess: ({ again }) => void tellDone(t('burst.undone', names), again),
    onError: tellFailed,
    onSettled,
  })
  const keep = useMutation({
    mutationFn: () => send('POST', `/bursts/${id}/keep`),
    onSuccess: () => void tellDone(t('burst.kept', names)),
    onError: tellFailed,
    onSettled,
  })
  return (
    <Alert
      color="orange"
      icon={<IconDeviceMobileExclamation />}
      radius={0}
      role="status"
      title={t('burst.title', names)}
      styles={{ title: { color: 'var(--mantine-color-text)' } }}
      className="not-printed"
    >
      <Group justify="space-between" gap="xs">
        <Text size="sm">{t('burst.text', { collection, when: time(to), deleted, changed })}</Text>
        <Group gap="xs">
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => keep.mutate()}
            disabled={undo.isPending}
            loading={keep.isPending}
          >
            {t('burst.keep')}
          </Button>
          <Button
            size="compact-sm"
            onClick={() => undo.mutate()}
            disabled={keep.isPending}
            loading={undo.isPending}
          >
            {t('burst.undo')}
          </Button>
        </Group>
      </Group>
    </Alert>
  )
}
