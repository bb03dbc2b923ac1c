import { ActionIcon, Anchor, AppShell, Button, Group, Title } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { useCapabilities } from '../client/capabilities.ts'
import { useLive } from '../client/live.ts'
import { endSitting } from '../session/sitting.ts'
import { Boundary } from './broken.tsx'
import { Confirming } from './confirm.tsx'
// It knows what had the focus before the first dialog is loaded.
import './dialog/open-dialogs.ts'
import { Forms } from './dialog/forms.tsx'
import { late } from './dialog/late.tsx'
import { Keys } from './key-caps.tsx'
import { useKey, useKeyboard } from './keys.ts'
import { Navigation, useIsNarrow } from './navigation.tsx'
import { isAt, places } from './places.ts'
import { FailedPart, Offline, Stale } from './states.tsx'
import { usePartTitle } from './title/title.ts'
import { undoNewest } from './toast.tsx'

const close = ({ onClose }: { readonly onClose: () => void }): void => onClose()
const CommandMenu = late(async () => (await import('../commands/command-menu.tsx')).CommandMenu, close)
const KeysHelp = late(async () => (await import('./keys-help.tsx')).KeysHelp, close)
const BurstNotice = lazy(async () => ({
  default: (await import('../served/burst-notice.tsx')).BurstNotice,
}))

/** What stands around every page: the way to the others, and what is true of all. A page that fills the window has the class `full`. */
export function Shell({ account, children }: { readonly account: number; readonly children: ReactNode }) {
  const { t } = useTranslation()
  const [isHelping, setIsHelping] = useState(false)
  const [isCommanding, setIsCommanding] = useState(false)
  const [location] = useLocation()
  const place = places.find((one) => isAt(one, location))
  usePartTitle(place ? t(`nav.${place.name}`) : '')
  const capabilities = useCapabilities()
  useLive(account)
  useKeyboard()
  useKey('?', t('keys.help'), () => setIsHelping(true))
  useKey('mod+z', t('toast.undoLast'), undoNewest)
  useEffect(() => endSitting, [])
  useKey('mod+k', t('app.command'), () => setIsCommanding(true))
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 92, breakpoint: 'sm', collapsed: { mobile: true } }}
      footer={{ height: { base: 60, sm: 0 } }}
      padding={0}
    >
      <Anchor href="#content" className="skip">
        {t('app.skip')}
      </Anchor>
      <AppShell.Header>
        <Group h="100%" px="md" wrap="nowrap" justify="space-between">
          <Title order={1} size="h4">
            <Link href="/" className="plain">
              {t('app.name')}
            </Link>
          </Title>
          <CommandButton onClick={() => setIsCommanding(true)} />
        </Group>
      </AppShell.Header>
      <Navigation />
      <AppShell.Main id="content">
        <Offline />
        <Stale />
        <Boundary place="notice" within={() => null}>
          <Suspense>
            <BurstNotice />
          </Suspense>
        </Boundary>
        <FailedPart of={[capabilities]} />
        {children}
      </AppShell.Main>
      <Forms />
      <Confirming />
      {isCommanding && <CommandMenu onClose={() => setIsCommanding(false)} />}
      {isHelping && <KeysHelp onClose={() => setIsHelping(false)} />}
    </AppShell>
  )
}

/** Opens the command menu: a field on a desk, a glass on a phone. */
function CommandButton({ onClick }: { readonly onClick: () => void }) {
  const { t } = useTranslation()
  if (useIsNarrow())
    return (
      <ActionIcon variant="subtle" color="gray" size="lg" onClick={onClick} aria-label={t('app.command')}>
        <IconSearch size={20} />
      </ActionIcon>
    )
  return (
    <Button
      variant="default"
      size="xs"
      c="dimmed"
      leftSection={<IconSearch size={14} />}
      rightSection={<Keys of="mod+k" />}
      onClick={onClick}
    >
      {t('app.command')}
    </Button>
  )
}
