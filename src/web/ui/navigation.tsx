import { AppShell, Menu, Stack, Text, UnstyledButton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconDots } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { useCapabilities } from '../client/capabilities.ts'
import { isAt, type Place, places } from './places.ts'

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
  const main = shown.filter(({ isMain }) => isMain)
  const rest = shown.filter(({ isMain }) => !isMain)
  return (
    <AppShell.Footer component="nav" aria-label={t('nav.main')} className="bottom-bar">
      {main.map((place) => (
        <PlaceLink key={place.path} place={place} />
      ))}
      <More {...{ main, rest }} />
    </AppShell.Footer>
  )
}

function PlaceLink({ place }: { readonly place: Place }) {
  const { t } = useTranslation()
  const isHere = useIsHere()
  const { path, name, icon: Icon } = place
  return (
    <UnstyledButton
      component={Link}
      href={path}
      className="place"
      aria-current={isHere(place) ? 'page' : undefined}
    >
      <Icon size={22} stroke={1.6} aria-hidden />
      <Text component="span" className="place-name">
        {t(`nav.${name}`)}
      </Text>
    </UnstyledButton>
  )
}

interface MoreProps {
  readonly main: readonly Place[]
  readonly rest: readonly Place[]
}

/** The way to all that has no place at the bottom; whatever is open that has none is in it. */
function More({ main, rest }: MoreProps) {
  const { t } = useTranslation()
  const isHere = useIsHere()
  return (
    <Menu position="top-end">
      <Menu.Target>
        <UnstyledButton className="place" aria-current={main.some(isHere) ? undefined : 'true'}>
          <IconDots size={22} stroke={1.6} aria-hidden />
          <Text component="span" className="place-name">
            {t('nav.more')}
          </Text>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {rest.map((place) => {
          const { path, name, icon: Icon } = place
          return (
            <Menu.Item
              key={path}
              component={Link}
              href={path}
              className="place-item"
              aria-current={isHere(place) ? 'page' : undefined}
              leftSection={<Icon size={18} />}
            >
              {t(`nav.${name}`)}
            </Menu.Item>
          )
        })}
      </Menu.Dropdown>
    </Menu>
  )
}

/** Whether a page of a place is open. */
function useIsHere(): (place: Place) => boolean {
  const [location] = useLocation()
  return (place) => isAt(place, location)
}

/** Those that whoever is signed in may open. */
export function useShownPlaces(): readonly Place[] {
  const { data } = useCapabilities()
  const mine = new Set(data?.capabilities ?? [])
  return places.filter(({ needs }) => !needs || needs.some((capability) => mine.has(capability)))
}
