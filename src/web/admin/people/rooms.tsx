import { Button, Group, Stack, Table, Text, Title } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { openForm } from '../../ui/dialog/forms.tsx'
import { usePages } from '../admin.ts'
import { EditButton, Line, Paged, Twice } from '../more.tsx'
import { RemovedList } from '../removed/removed-list.tsx'
import { EditBookable } from './edit-bookable.tsx'
import { NewNamed } from './new-named.tsx'
import { type Bookable, pathOf } from './people.ts'

/** Rooms and things that can be booked: each has a calendar, and delegates who look after it. */
export function Rooms() {
  const { t } = useTranslation('admin')
  return (
    <Stack gap="xl">
      <Text size="sm" c="dimmed">
        {t('rooms.why')}
      </Text>
      <Bookables kind="room" />
      <Bookables kind="resource" />
    </Stack>
  )
}

function Bookables({ kind }: { readonly kind: Bookable['kind'] }) {
  const { t } = useTranslation('admin')
  const pages = usePages<Bookable>(pathOf(kind))
  const edit = (name: string): void =>
    openForm((close) => <EditBookable kind={kind} name={name} onClose={close} />)
  const make = (): void => openForm((close) => <NewNamed kind={kind} onClose={close} onMade={edit} />)
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={3} size="h4">
          {t(`rooms.${kind}`)}
        </Title>
        <Button leftSection={<IconPlus size={18} />} onClick={make}>
          {t(`people.add.${kind}`)}
        </Button>
      </Group>
      <Paged
        pages={pages}
        none={t(`rooms.none.${kind}`)}
        heads={[t('name'), t('mail'), t('jobs.do')]}
        row={(bookable) => <Row key={bookable.name} bookable={bookable} onEdit={() => edit(bookable.name)} />}
      />
      <RemovedList kind={kind} />
    </Stack>
  )
}

function Row({ bookable, onEdit }: { readonly bookable: Bookable; readonly onEdit: () => void }) {
  const { t } = useTranslation('admin')
  const { name, displayName, email, description, place, capacity } = bookable
  const people = capacity === null ? null : t('rooms.people', { count: capacity })
  return (
    <Line>
      <Table.Td>
        <Twice text={inOne(displayName, place, people)} more={inOne(name, description)} />
      </Table.Td>
      <Table.Td>{email ?? '–'}</Table.Td>
      <Table.Td>
        <EditButton name={displayName} onEdit={onEdit} />
      </Table.Td>
    </Line>
  )
}

/** What was said, in one line. */
function inOne(...texts: readonly (string | null)[]): string {
  return texts.filter((text) => text !== null).join(' · ')
}
