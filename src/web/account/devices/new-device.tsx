import { Button, Group, Radio, SimpleGrid, Stack, Switch, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { hasCamera, type Kind, kindSent, kinds, type MadeDevice, type SetupLink } from './devices.ts'
import { KindIcon } from './kind-icon.tsx'
import { Made } from './made.tsx'

interface Wish {
  readonly label: string
  readonly kind: Kind
  readonly isReadOnly: boolean
}

/** A device that was made, with the link that its camera opens, if it has one. */
export interface MadeWithLink extends MadeDevice {
  readonly link: SetupLink | undefined
}

async function makeDevice({ kind, ...wish }: Wish) {
  const made = await send<MadeDevice>('POST', '/devices', {
    body: { ...wish, kind: kindSent(kind) },
  })
  const { id, password } = made.data
  // Without the link the steps still lead there.
  const link = hasCamera.has(kind)
    ? await send<SetupLink>('POST', `/devices/${id}/setup-link`, { body: { password } }).catch(
        () => undefined,
      )
    : undefined
  return { ...made, data: { ...made.data, link: link?.data } }
}

/** A new device: what it is, then how to set it up, with its password, which is seen once. */
export function NewDevice() {
  const { t } = useTranslation('account')
  const [kind, setKind] = useState<Kind>('apple')
  const [made, setMade] = useState<MadeWithLink>()
  const make = useChange<Wish, unknown, MadeWithLink>({
    send: (wish) => makeDevice(wish),
    written: 'staying',
    keys: [['devices']],
    onDone: ({ data }) => setMade(data),
  })
  if (made) return <Made device={made} kind={kind} />
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        const form = new FormData(event.currentTarget)
        const label = String(form.get('label')).trim() || t(`kinds.${kind}`)
        make.make({ label, kind, isReadOnly: form.get('isReadOnly') === 'on' })
      }}
    >
      <Stack>
        <Title order={3} size="h4">
          {t('devices.add')}
        </Title>
        <Radio.Group label={t('devices.what')} value={kind} onChange={(value) => setKind(value as Kind)}>
          <SimpleGrid cols={{ base: 1, xs: 2 }} mt="xs">
            {kinds.map((one) => (
              <Radio.Card key={one} value={one} p="sm" aria-label={t(`kinds.${one}`)}>
                <Group wrap="nowrap">
                  <Radio.Indicator />
                  <KindIcon kind={one} />
                  <Text size="sm">{t(`kinds.${one}`)}</Text>
                </Group>
              </Radio.Card>
            ))}
          </SimpleGrid>
        </Radio.Group>
        <TextInput
          name="label"
          label={t('devices.name')}
          description={t('devices.nameWhy')}
          placeholder={t(`kinds.${kind}`)}
          maxLength={200}
          maw={380}
        />
        <Switch name="isReadOnly" label={t('devices.onlyRead')} />
        <Group>
          <Button type="submit" loading={make.isBusy}>
            {t('devices.make')}
          </Button>
          <Button component={Link} href="/account/devices" variant="default">
            {t('app.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
