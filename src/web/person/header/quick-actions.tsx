import { Button, Group } from '@mantine/core'
import { IconCalendarPlus, IconMail, IconPhone } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { linkOf } from '../card/format.ts'
import { type Entry, entriesOf } from '../card/merged.ts'
import type { Card } from '../person.ts'

interface QuickActionsProps {
  readonly id: number
  readonly cards: readonly Card[]
}

/** Calls, writes: by what is preferred, else by what comes first. Meets: an event begins with this person. */
export function QuickActions({ id, cards }: QuickActionsProps) {
  const { t } = useTranslation('person')
  const phone = entriesOf(cards, 'phones').find(({ types }) => !types.includes('fax'))
  const [mail] = entriesOf(cards, 'mails')
  const actions = [
    { text: t('call'), icon: IconPhone, entry: phone as Entry | undefined },
    { text: t('write'), icon: IconMail, entry: mail as Entry | undefined },
  ]
  const shown = actions.filter(({ entry }) => entry !== undefined)
  return (
    <Group gap="xs" className="not-printed">
      {shown.map(({ text, icon: Icon, entry }) => (
        <Button
          key={text}
          component="a"
          href={entry && linkOf(entry)}
          variant="default"
          size="xs"
          leftSection={<Icon size={16} />}
        >
          {text}
        </Button>
      ))}
      <Button
        component={Link}
        href={`/calendar?meet=${id}`}
        variant="default"
        size="xs"
        leftSection={<IconCalendarPlus size={16} />}
      >
        {t('meet')}
      </Button>
    </Group>
  )
}
