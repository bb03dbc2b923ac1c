import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { undoTrial } from '../../../features/history/schema.ts'
import { send } from '../../client/api.ts'
import { takeBackDevice } from '../../client/undo.ts'
import { tellDone, tellFailed } from '../../ui/toast.tsx'
import type { DeviceState } from './devices.ts'

type Trial = z.infer<typeof undoTrial>
interface Span {
  readonly from: string
  readonly to: string
}

const hourMs = 3_600_000
/** So many are named before it is done. */
const most = 50

/** Undoes what a device did between two moments: what it would change is shown first. */
export function UndoDevice({ device: { id, label } }: { readonly device: DeviceState }) {
  const { t } = useTranslation('account')
  const [span, setSpan] = useState<Span>({
    from: clockAt(Date.now() - hourMs),
    to: clockAt(Date.now() + 60_000),
  })
  const asked = { device: id, from: momentOf(span.from), to: momentOf(span.to) }
  const look = useMutation({
    mutationFn: async () =>
      (await send<Trial>('POST', '/history/undo', { body: { ...asked, dryRun: true } })).data,
    onError: tellFailed,
  })
  const undo = useMutation({
    mutationFn: () => takeBackDevice(asked),
    onSuccess: ({ again }) => {
      look.reset()
      tellDone(t('undoDevice.done', { name: label }), again)
    },
    onError: tellFailed,
  })
  const choose = (next: Partial<Span>): void => {
    look.reset()
    setSpan({ ...span, ...next })
  }
  return (
    <Stack gap="xs" component="section" aria-label={t('undoDevice.title')}>
      <Title order={4} size="h5">
        {t('undoDevice.title')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('undoDevice.why')}
      </Text>
      <Group align="flex-end">
        {(['from', 'to'] as const).map((end) => (
          <TextInput
            key={end}
            type="datetime-local"
            label={t(`undoDevice.${end}`)}
            value={span[end]}
            onChange={({ currentTarget }) => choose({ [end]: currentTarget.value })}
          />
        ))}
        <Button
          variant="default"
          loading={look.isPending}
          disabled={span.from === '' || span.to === ''}
          onClick={() => look.mutate()}
        >
          {t('undoDevice.look')}
        </Button>
      </Group>
      {look.data && <Preview trial={look.data} isBusy={undo.isPending} onUndo={() => undo.mutate()} />}
    </Stack>
  )
}

interface PreviewProps {
  readonly trial: Trial
  readonly isBusy: boolean
  readonly onUndo: () => void
}

function Preview({ trial: { counts, items }, isBusy, onUndo }: PreviewProps) {
  const { t } = useTranslation('account')
  const count = counts.created + counts.updated + counts.removed
  return (
    <Stack gap="xs" role="status">
      <Text size="sm">{t('undoDevice.would', counts)}</Text>
      <ul>
        {items.slice(0, most).map(({ object, name, title, collection, outcome }) => (
          <li key={`${object} ${collection} ${name}`}>
            <Text size="sm">
              {`${title === '' ? name : title} (${collection}): ${t(`undoDevice.outcomes.${outcome}`)}`}
            </Text>
          </li>
        ))}
      </ul>
      {count > 0 && (
        <Button w="fit-content" loading={isBusy} onClick={onUndo}>
          {t('undoDevice.act')}
        </Button>
      )}
    </Stack>
  )
}

/** As fields for date and time have it, on the clock of the browser. */
function clockAt(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

function momentOf(clock: string): string {
  return clock === '' ? '' : new Date(clock).toISOString()
}
