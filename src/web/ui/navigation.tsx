import { AppShell, Menu, Stack, Text, UnstyledButton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconDots } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { useCapabilities } from '../client/capabilities.ts'
import { type Place, places } from './places.ts'

/** Where a phone ends; as the shell's breakpoint. */
export const narrow = '(max-width: 47.99em)'

export function useIsNarrow(): boolean {
  return useMediaQuery(narrow, undefined, { getInitialValueInEffect: false }) ?? false
}

/** The parts of the app: beside the page on a desk, below it on a phone. */
export function Navigation() {
  const { t } = useTranslation()
  const shown = useShownPlaces()
  if (!useIsNarrow())
    return (
      <AppShell.Navbar p={6} style={{ overflowY: 'auto' }} aria-label={t('nav.main')}>
        <Stack gap={4}>
          {shown.map((place) => (
            <PlaceLink key={place.path} place={place} />
          ))}
        </Stack>
      </AppShell.Navbar>
    )
  const rest = shown.filter(({ isMain }) => !isMain)
  return (
    <AppShell.Footer component="nav" aria-label={t('nav.main')} className="bottom-bar">
      {shown
        .filter(({ isMain }) => isMain)
        .map((place) => (
          <PlaceLink key={place.path} place={place} />
        ))}
      {rest.length === 1 ? (
        rest.map((place) => <PlaceLink key={place.path} place={place} />)
      ) : (
        <More places={rest} />
      )}
    </AppShell.Footer>
  )
}

function PlaceLink({ place: { path, name, icon: Icon } }: { readonly place: Place }) {
  const { t } = useTranslation()
  const isHere = useIsHere()
  return (
    <UnstyledButton
      component={Link}
      href={path}
      className="place"
      aria-current={isHere(path) ? 'page' : undefined}
    >
      <Icon size={22} stroke={1.6} aria-hidden />
      <Text component="span" className="place-name">
        {t(`nav.${name}`)}
      </Text>
    </UnstyledButton>
  )
}

function More({ places: rest }: { readonly places: readonly Place[] }) {
  const { t } = useTranslation()
  const isHere = useIsHere()
  return (
    <Menu position="top-end">
      <Menu.Target>
        <UnstyledButton className="place" data-here={rest.some(({ path }) => isHere(path)) || undefined}>
          <IconDots size={22} stroke={1.6} aria-hidden />
          <Text component="span" className="place-name">
            {t('nav.more')}
          </Text>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {rest.map(({ path, name, icon: Icon }) => (
          <Menu.Item key={path} component={Link} href={path} leftSection={<Icon size={18} />}>
            {t(`nav.${name}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function useIsHere(): (path: string) => boolean {
  const [location] = useLocation()
  return (path) => location === path || location.startsWith(`${path}/`)
}

/** Those that whoever is signed in may open. */
export function useShownPlaces(): readonly Place[] {
  const { data } = useCapabilities()
  const mine = new Set(data?.capabilities ?? [])
  return places.filter(({ needs }) => !needs || needs.some((capability) => mine.has(capability)))
}
