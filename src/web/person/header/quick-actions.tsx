import { Button, Group } from '@mantine/core'
import { IconMail, IconPhone } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { linkOf } from '../card/format.ts'
import { type Entry, entriesOf } from '../card/merged.ts'
import type { Card } from '../person.ts'

/** Calls, writes: by what is preferred, else by what comes first. */
export function QuickActions({ cards }: { readonly cards: readonly Card[] }) {
  const { t } = useTranslation('person')
  const phone = entriesOf(cards, 'phones').find(({ types }) => !types.includes('fax'))
  const [mail] = entriesOf(cards, 'mails')
  const actions = [
    { text: t('call'), icon: IconPhone, entry: phone as Entry | undefined },
    { text: t('write'), icon: IconMail, entry: mail as Entry | undefined },
  ]
  const shown = actions.filter(({ entry }) => entry !== undefined)
  if (shown.length === 0) return null
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
    </Group>
  )
}
