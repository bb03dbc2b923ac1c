import { Anchor, List, Stack, Title } from '@mantine/core'
import { Trans, useTranslation } from 'react-i18next'
import { useSession } from '../../session/session.ts'
import { FailedPart } from '../../ui/states.tsx'
import { addressOf, type Kind, type useDevices } from './devices.ts'

/** The steps that there are by hand. */
const stepsOf: Readonly<Record<Kind, readonly number[]>> = {
  apple: [1, 2, 3],
  davx5: [1, 2, 3],
  thunderbird: [1, 2],
  evolution: [1, 2],
  kde: [1, 2],
  outlook: [1, 2],
  vdirsyncer: [1, 2],
  other: [1],
}

interface StepsProps {
  readonly kind: Kind
  readonly deviceId: number
  /** Where the addresses stand. */
  readonly devices: ReturnType<typeof useDevices>
}

/** The way there by hand, with the addresses filled in. */
export function Steps({ kind, deviceId, devices }: StepsProps) {
  const { t } = useTranslation('account')
  const { data } = useSession()
  const address = addressOf(devices.data)
  const values = {
    address,
    host: new URL(address).host,
    name: data?.account.name ?? '',
    principal: `${address}${devices.data?.principal ?? ''}`,
  }
  return (
    <Stack gap="xs">
      <Title order={4} size="h5">
        {t('steps.title')}
      </Title>
      <FailedPart of={[devices]} />
      <List type="ordered" spacing="xs" size="sm">
        {stepsOf[kind].map((step) => (
          <List.Item key={step}>
            <Trans t={t} i18nKey={`steps.${kind}.${step}`} values={values} components={{ b: <b /> }} />
          </List.Item>
        ))}
      </List>
      {kind === 'apple' && devices.data?.address && (
        <Anchor href={`/api/devices/${deviceId}/profile`} size="sm" download="farley.mobileconfig">
          {t('steps.profile')}
        </Anchor>
      )}
    </Stack>
  )
}
