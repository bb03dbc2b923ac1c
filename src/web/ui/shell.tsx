import { Anchor, AppShell, Group, Title } from '@mantine/core'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useLive } from '../client/live.ts'
import { Confirming } from './confirm.tsx'
import { useKey, useKeyboard } from './keys.ts'
import { Navigation } from './navigation.tsx'
import { Offline } from './states.tsx'

const KeysHelp = lazy(async () => ({ default: (await import('./keys-help.tsx')).KeysHelp }))

/** What stands around every page: the way to the others, and what is true of all. A page that fills the window has the class `full`. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation()
  const [isHelping, setIsHelping] = useState(false)
  useLive()
  useKeyboard()
  useKey('?', t('keys.help'), () => setIsHelping(true))
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
        <Group h="100%" px="md" wrap="nowrap">
          <Title order={1} size="h4">
            <Link href="/" className="plain">
              {t('app.name')}
            </Link>
          </Title>
        </Group>
      </AppShell.Header>
      <Navigation />
      <AppShell.Main id="content">
        <Offline />
        {children}
      </AppShell.Main>
      <Confirming />
      {isHelping && (
        <Suspense>
          <KeysHelp onClose={() => setIsHelping(false)} />
        </Suspense>
      )}
    </AppShell>
  )
}
