import { Button, Stack, Text } from '@mantine/core'
import { IconDeviceMobile, IconTransfer, IconUserPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useShownPlaces } from '../../ui/navigation.tsx'

/** What to do first where nobody is there yet. */
export function Begin() {
  const { t } = useTranslation('contacts')
  const mayInvite = useShownPlaces().some(({ path }) => path === '/admin')
  return (
    <Stack p="xl" gap="sm" align="stretch" maw={360} mx="auto">
      <Text fw={600} ta="center">
        {t('begin.title')}
      </Text>
      <Text c="dimmed" ta="center">
        {t('begin.text')}
      </Text>
      <Button component={Link} href="/import" leftSection={<IconTransfer size={18} />}>
        {t('begin.import')}
      </Button>
      <Button
        component={Link}
        href="/account/devices/new"
        variant="default"
        leftSection={<IconDeviceMobile size={18} />}
      >
        {t('begin.phone')}
      </Button>
      {mayInvite && (
        <Button
          component={Link}
          href="/admin/accounts?new"
          variant="default"
          leftSection={<IconUserPlus size={18} />}
        >
          {t('begin.invite')}
        </Button>
      )}
    </Stack>
  )
}
