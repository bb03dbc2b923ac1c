import { NavLink, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'

/** What the places below it are. */
export function Section({ text }: { readonly text: string }) {
  return (
    <Text size="xs" fw={600} c="dimmed" px="sm" pt="md" pb={4}>
      {text}
    </Text>
  )
}

interface PlaceProps {
  readonly href: string
  readonly label: string
  readonly icon: ReactNode
  readonly count?: number | undefined
  /** Whose it is, where it is not one's own. */
  readonly about?: string | undefined
  readonly isHere: boolean
  readonly onFollow?: (() => void) | undefined
}

/** A way to some of the people. */
export function Place({ href, label, icon, count, about, isHere, onFollow }: PlaceProps) {
  const { i18n } = useTranslation()
  return (
    <NavLink
      component={Link}
      href={href}
      label={label}
      description={about}
      leftSection={icon}
      rightSection={
        count !== undefined && (
          <Text size="xs" c="dimmed">
            {count.toLocaleString(i18n.language)}
          </Text>
        )
      }
      active={isHere}
      aria-current={isHere ? 'page' : undefined}
      {...(onFollow && { onClick: onFollow })}
    />
  )
}
