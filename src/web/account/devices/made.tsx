import { Alert, Anchor, Button, Code, CopyButton, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useSession } from '../../session/session.ts'
import { useDates } from '../../ui/dates.ts'
import { Qr } from '../../ui/qr.tsx'
import { ConnectionTest } from './connection-test.tsx'
import { addressOf, type Kind, leadsHere, useDevices } from './devices.ts'
import type { MadeWithLink } from './new-device.tsx'
import { Steps } from './steps.tsx'

/** What a new device is given: its password, a code for its camera, and the way there by hand. */
export function Made({ device, kind }: { readonly device: MadeWithLink; readonly kind: Kind }) {
  const { t } = useTranslation('account')
  const { data } = useSession()
  const devices = useDevices()
  const address = addressOf(devices.data)
  // What was filled in before was longer.
  useEffect(() => {
    // What some browsers give back is no way to end it.
    void window.scrollTo(0, 0)
  }, [])
  const values = [
    { label: t('made.server'), value: address },
    { label: t('made.user'), value: data?.account.name ?? '' },
    { label: t('made.password'), value: device.password },
  ]
  return (
    <Stack gap="lg">
      <Title order={3} size="h4">
        {t('made.title', { name: device.label })}
      </Title>
      {leadsHere(address) && (
        <Alert variant="light" color="yellow">
          {t('made.thisMachine')}
        </Alert>
      )}
      {device.link && <Camera url={device.link.url} expiresAt={device.link.expiresAt} kind={kind} />}
      <Stack gap="xs">
        <Alert variant="light" color="yellow">
          {t('made.once')}
        </Alert>
        {values.map(({ label, value }) => (
          <Value key={label} label={label} value={value} />
        ))}
      </Stack>
      <Steps kind={kind} deviceId={device.id} devices={devices} />
      <ConnectionTest password={device.password} />
      <Button component={Link} href={`/account/devices/${device.id}`} w="fit-content">
        {t('made.done')}
      </Button>
    </Stack>
  )
}

function Value({ label, value }: { readonly label: string; readonly value: string }) {
  const { t } = useTranslation('account')
  return (
    <Group gap="sm" wrap="nowrap" justify="space-between" maw={520}>
      <div style={{ minInlineSize: 0 }}>
        <Text size="sm" c="dimmed">
          {label}
        </Text>
        <Code fz="sm" style={{ overflowWrap: 'anywhere' }}>
          {value}
        </Code>
      </div>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button
            variant="default"
            size="compact-sm"
            miw="fit-content"
            onClick={copy}
            aria-label={t('made.copyOf', { what: label })}
          >
            {copied ? t('made.copied') : t('made.copy')}
          </Button>
        )}
      </CopyButton>
    </Group>
  )
}

interface CameraProps {
  readonly url: string
  readonly expiresAt: string
  readonly kind: Kind
}

function Camera({ url, expiresAt, kind }: CameraProps) {
  const { t } = useTranslation('account')
  const { clock } = useDates()
  const whole = new URL(url, window.location.href).href
  return (
    <Paper withBorder p="md">
      <Group align="flex-start">
        <Qr text={whole} label={t('made.code')} />
        <Stack gap="xs" flex="1 1 220px">
          <Text fw={600}>{t('made.scan')}</Text>
          <Text size="sm">{kind === 'apple' ? t('made.scanApple') : t('made.scanDavx5')}</Text>
          <Text size="sm" c="dimmed">
            {t('made.until', { when: clock(expiresAt) })}
          </Text>
          <Anchor href={whole} size="sm" target="_blank" rel="noreferrer">
            {t('made.here')}
          </Anchor>
        </Stack>
      </Group>
    </Paper>
  )
}
