import { Button, Group, List, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { send } from '../../client/api.ts'
import { useTold } from '../../refusals/said.ts'
import { Failed } from '../../ui/states.tsx'
import { type ConnectionSteps, leadsHere } from './devices.ts'

/** Tries the connection as a client makes it, and says where it ends. */
export function ConnectionTest({ password }: { readonly password?: string }) {
  const { t } = useTranslation('account')
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () =>
      send<{ steps: ConnectionSteps }>('POST', '/devices/test', {
        body: password === undefined ? {} : { password },
      }),
  })
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Title order={4} size="h5">
          {t('test.title')}
        </Title>
        <Button variant="default" onClick={() => mutate()} loading={isPending}>
          {t('test.try')}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {t('test.why')}
      </Text>
      {error && <Failed error={error} again={() => mutate()} />}
      <div aria-live="polite">{data && <Outcome steps={data.data.steps} />}</div>
    </Stack>
  )
}

function Outcome({ steps }: { readonly steps: ConnectionSteps }) {
  const { t } = useTranslation('account')
  const told = useTold()
  const failed = steps.find(({ ok }) => !ok)
  const address = steps.find(({ step }) => step === 'address')?.detail ?? ''
  return (
    <Stack gap="xs">
      <List listStyleType="none" spacing={4} size="sm" center>
        {steps.map(({ step, ok, detail }) => (
          <List.Item key={step} icon={<Mark ok={ok} />}>
            {t(`test.steps.${step}`)}
            {detail !== null && ` (${told(detail)})`}
          </List.Item>
        ))}
      </List>
      <Text size="sm" fw={600} role={failed ? 'alert' : undefined}>
        {failed ? t(`test.help.${failed.step}`) : t(leadsHere(address) ? 'test.worksHere' : 'test.works')}
      </Text>
    </Stack>
  )
}

function Mark({ ok }: { readonly ok: boolean }) {
  const { t } = useTranslation('account')
  return (
    <ThemeIcon
      size={20}
      radius="xl"
      color={ok ? 'green.9' : 'red.9'}
      aria-label={ok ? t('test.ok') : t('test.fault')}
      role="img"
    >
      {ok ? <IconCheck size={14} /> : <IconX size={14} />}
    </ThemeIcon>
  )
}
