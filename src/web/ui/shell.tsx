import { Anchor, AppShell, Burger, Group, NavLink, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconAddressBook, IconUserCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useRoute } from 'wouter'
import { useLive } from '../client/live.ts'
import { Offline } from './states.tsx'

const places = [
  { path: '/contacts', text: 'nav.contacts', icon: IconAddressBook },
  { path: '/account', text: 'nav.account', icon: IconUserCircle },
] as const

/** What stands around every page: the way to the others, and what is true of all. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation()
  const [isOpen, { toggle, close }] = useDisclosure()
  useLive()
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 200, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={0}
    >
      <Anchor href="#content" className="skip">
        {t('app.skip')}
      </Anchor>
      <AppShell.Header>
        <Group h="100%" px="md">
          <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('app.menu')} />
          <Title order={1} size="h4">
            {t('app.name')}
          </Title>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t('nav.main')}>
        {places.map((place) => (
          <Place key={place.path} {...place} onFollow={close} />
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="content">
        <Offline />
        {children}
      </AppShell.Main>
    </AppShell>
  )
}

interface PlaceProps {
  readonly path: string
  readonly text: (typeof places)[number]['text']
  readonly icon: typeof IconAddressBook
  readonly onFollow: () => void
}

function Place({ path, text, icon: Icon, onFollow }: PlaceProps) {
  const { t } = useTranslation()
  const [isHere] = useRoute(`${path}/*?`)
  return (
    <NavLink
      component={Link}
      href={path}
      label={t(text)}
      leftSection={<Icon size={20} />}
      active={isHere}
      aria-current={isHere ? 'page' : undefined}
      onClick={onFollow}
    />
  )
}
