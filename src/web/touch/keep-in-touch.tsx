import { Badge, Button, Menu, Text } from '@mantine/core'
import { IconHeartHandshake, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Fact } from '../person/fact.tsx'
import type { Party } from '../person/person.ts'
import { Section } from '../person/section.tsx'
import { ConflictDialog } from '../ui/conflict.tsx'
import { useDates } from '../ui/dates.ts'
import { FailedPart, LoadingPart } from '../ui/states.tsx'
import { everyText, offered } from './every.ts'
import { OwnRhythm } from './own-rhythm.tsx'
import { type Cadence, useCadence, useCadenceChange, useTouched } from './touch.ts'

/** How often one wants to be in touch with somebody, and when that is due; each has his own. */
export function KeepInTouch({ party }: { readonly party: Party }) {
  const { t } = useTranslation('touch')
  const asked = useCadence(party.id)
  const { data } = asked
  const { make, conflict } = useCadenceChange(party.id, data ?? null)
  const [isOwn, setIsOwn] = useState(false)
  const choose = (days: number | null): void => {
    if (days !== (data?.data.everyDays ?? null)) make(days)
  }
  if (data === undefined)
    return (
      <Section title={t('title')}>
        <LoadingPart of={asked} />
        <FailedPart of={[asked]} />
      </Section>
    )
  return (
    <Section
      title={t('title')}
      isEmpty={data === null}
      action={<Rhythm days={data?.data.everyDays} onChoose={choose} onOwn={() => setIsOwn(true)} />}
    >
      {data && (
        <ul className="facts">
          <Standing cadence={data.data} name={party.name} />
        </ul>
      )}
      {isOwn && (
        <OwnRhythm days={data?.data.everyDays ?? 30} onSave={choose} onClose={() => setIsOwn(false)} />
      )}
      <ConflictDialog
        conflict={conflict}
        differences={(mine, theirs) => [
          {
            label: t('title'),
            mine: mine === null ? t('never') : everyText(mine, t),
            theirs: everyText(theirs.everyDays, t),
          },
        ]}
      />
    </Section>
  )
}

interface RhythmProps {
  /** Undefined while one does not keep in touch. */
  readonly days: number | undefined
  readonly onChoose: (days: number | null) => void
  readonly onOwn: () => void
}

function Rhythm({ days, onChoose, onOwn }: RhythmProps) {
  const { t } = useTranslation('touch')
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button size="compact-sm" variant="subtle">
          {days === undefined ? t('begin') : t('change')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {offered.map((one) => (
          <Menu.Item key={one} disabled={one === days} onClick={() => onChoose(one)}>
            {everyText(one, t)}
          </Menu.Item>
        ))}
        <Menu.Item onClick={onOwn}>{t('other')}</Menu.Item>
        {days !== undefined && (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<IconX size={16} />} onClick={() => onChoose(null)}>
              {t('stop')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

function Standing({ cadence, name }: { readonly cadence: Cadence; readonly name: string }) {
  const { t } = useTranslation('touch')
  const { day, relative } = useDates()
  const { make, isBusy } = useTouched()
  const { everyDays, lastAt, dueAt, isDue, party } = cadence
  return (
    <Fact icon={IconHeartHandshake} label={everyText(everyDays, t)}>
      {lastAt === null ? t('noneYet') : t('last', { when: relative(lastAt), day: day(lastAt) })}
      <Text size="sm" c="dimmed">
        {isDue ? t('dueSince', { day: day(dueAt) }) : t('next', { when: relative(dueAt), day: day(dueAt) })}
        {isDue && (
          <Badge size="sm" ms={6} variant="default">
            {t('due')}
          </Badge>
        )}
      </Text>
      {isDue && (
        <Button mt={6} size="xs" variant="default" loading={isBusy} onClick={() => make({ party, name })}>
          {t('touch')}
        </Button>
      )}
    </Fact>
  )
}
