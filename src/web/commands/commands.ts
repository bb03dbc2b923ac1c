import { IconBolt, IconBuilding, IconCalendarEvent, IconNote, IconUser } from '@tabler/icons-react'
import { createElement, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { type Hit, useHits } from '../contacts/list/search.ts'
import { Keys } from '../ui/key-caps.tsx'
import { useActions } from '../ui/keys.ts'
import { useShownPlaces } from '../ui/navigation.tsx'

/** Something that is done when it is chosen. */
export interface Command {
  readonly id: string
  readonly text: string
  /** Why it is here: what was found, or what tells it from others called so. */
  readonly about: string
  readonly icon: typeof IconUser
  readonly act: () => void
  /** The keys that do the same. */
  readonly key?: ReactNode
}

const icons = { person: IconUser, org: IconBuilding, note: IconNote } as const

/** Keys that only make sense where one is. */
const moving: ReadonlySet<string> = new Set(['j', 'k', 'x', 'Escape', 'mod+k'])

/** What fits to what is typed: who is found before what can be done. */
export function useCommands(q: string) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const places = useShownPlaces()
  const actions = useActions()
  const hits = useHits(q, { kinds: 'person,org,note,event', limit: 12 })
  const fits = ({ text }: Command): boolean => fold(text).includes(fold(q.trim()))
  const pages = places.map(
    ({ path, name, icon }): Command => ({
      ...{ id: path, text: t(`nav.${name}`), about: '', icon, act: () => go(path) },
    }),
  )
  const doable = actions
    .filter(({ key }) => !moving.has(key))
    .map(
      ({ key, text, act }): Command => ({
        ...{ id: `key ${key}`, text, about: '', icon: IconBolt, act },
        key: createElement(Keys, { of: key }),
      }),
    )
  const found = q.trim() === '' ? [] : (hits.data?.items ?? []).flatMap((hit) => commandOf(hit, go) ?? [])
  const commands: readonly Command[] = [...found, ...[...pages, ...doable].filter(fits)]
  return { commands, hits }
}

function commandOf(hit: Hit, go: (path: string) => void): Command | undefined {
  const { kind, partyId, cardId, activityId, eventId, title, about, match } = hit
  if (eventId !== null)
    return {
      id: `event ${eventId}`,
      text: title,
      about: match.text === title ? '' : match.text,
      icon: IconCalendarEvent,
      act: () => go(`/calendar?event=${eventId}`),
    }
  if (partyId === null || (kind !== 'person' && kind !== 'org' && kind !== 'note')) return undefined
  return {
    id: `${kind} ${partyId} ${cardId ?? activityId ?? ''}`,
    text: title,
    about: match.field === 'name' ? (about ?? '') : match.text === title ? '' : match.text,
    icon: icons[kind],
    act: () => go(`/contacts/${partyId}${kind === 'note' ? '?tab=timeline' : ''}`),
  }
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
