import { Group, SegmentedControl, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { peoplePage } from '../../../features/facts/schema.ts'
import { usePages } from '../../client/pages.ts'
import { Face } from '../../ui/face.tsx'
import { MoreButton } from '../../ui/more-button.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { useFocusBack } from '../editing/focus-back.ts'
import { useOpened } from '../editing/opened.ts'
import { useReopening } from '../editing/reopening.ts'
import { keys, type Party } from '../person.ts'
import { Section } from '../section.tsx'
import { AddFact } from './fact-tools.tsx'
import { PartyLink } from './party-link.tsx'
import { useSpan } from './span.ts'
import { StaffForm, type StaffTyped } from './staff-form.tsx'

const times = ['now', 'past'] as const

interface Adding {
  readonly typed?: StaffTyped
}

/** Who works, or worked, for a company. */
export function Staff({ party }: { readonly party: Party }) {
  const { t } = useTranslation('person')
  const [when, setWhen] = useState<(typeof times)[number]>('now')
  const { editing: adding, editor, setEditing: setAdding } = useOpened<Adding>()
  const isAdding = adding !== undefined
  const { place, leave, back } = useFocusBack<HTMLDivElement>()
  const add = (): void => {
    leave()
    setAdding({})
  }
  const close = (): void => {
    setAdding(undefined)
    back()
  }
  const reopen = useReopening<Adding>(`staff ${party.id}`, `/contacts/${party.id}`, setAdding)
  return (
    <div ref={place}>
      <Section
        title={t('sections.people')}
        action={
          <Group gap="xs">
            <SegmentedControl
              size="xs"
              aria-label={t('sections.people')}
              data={times.map((value) => ({ value, label: t(`when.${value}`) }))}
              value={when}
              onChange={(value) => setWhen(value as (typeof times)[number])}
            />
            {party.cards.some(({ mayWrite }) => mayWrite) && (
              <AddFact label={t('beside.addStaff')} isOpen={isAdding} onOpen={isAdding ? close : add} />
            )}
          </Group>
        }
      >
        {adding && (
          <ul className="facts">
            <StaffForm
              key={editor}
              {...{ party, typed: adding.typed }}
              onClose={close}
              onReopen={(typed) => reopen({ typed })}
            />
          </ul>
        )}
        <People id={party.id} when={when} />
      </Section>
    </div>
  )
}

function People({ id, when }: { readonly id: number; readonly when: string }) {
  const { t } = useTranslation('person')
  const span = useSpan()
  const pages = usePages<z.infer<typeof peoplePage>>(
    [...keys.fact(id, 'people'), when],
    `/parties/${id}/people`,
    { when },
  )
  const { data, error, isPending, refetch } = pages
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const items = data.pages.flatMap((page) => page.items)
  if (items.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('nobodyHere')}
      </Text>
    )
  return (
    <>
      {items.map(({ person, membership: { id: key, title, role, department, from, until } }) => (
        <Group key={key} gap="sm" wrap="nowrap" py={4}>
          <Face name={person.name} size={32} />
          <div>
            <PartyLink to={person} />
            <Text size="sm" c="dimmed">
              {[title || role, department, span(from, until)].filter((part) => part !== '').join(' · ')}
            </Text>
          </div>
        </Group>
      ))}
      <MoreButton pages={pages} size="xs">
        {t('more')}
      </MoreButton>
    </>
  )
}
