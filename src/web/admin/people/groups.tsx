import { Flex, Stack, Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { send } from '../../client/api.ts'
import { HistoryButton } from '../../things/history-button.tsx'
import { openForm } from '../../ui/dialog/forms.tsx'
import type { GroupRow } from '../admin.ts'
import { EditedDialog } from '../edited.tsx'
import { Finder, useFinding } from '../finder.tsx'
import { EditButton, Line, Paged, Twice } from '../more.tsx'
import { RemovedList } from '../removed/removed-list.tsx'
import { NamesForm } from './names-form.tsx'
import { NewNamed } from './new-named.tsx'
import { type Group as Members, pathOf } from './people.ts'
import { PeopleList } from './people-list.tsx'
import { RemoveNamed } from './remove-named.tsx'

/** The groups: made, renamed, filled and removed. */
export function Groups() {
  const { t } = useTranslation('admin')
  const finding = useFinding<GroupRow>('/groups')
  return (
    <Stack>
      <Finder finding={finding} add={t('people.add.group')} onAdd={openNew} />
      <Paged
        pages={finding.pages}
        none={t('none.groups')}
        heads={[t('name'), t('mail'), t('members'), t('jobs.do')]}
        row={(group) => <Row key={group.name} group={group} onEdit={() => openGroup(group.name)} />}
      />
      <RemovedList kind="group" />
    </Stack>
  )
}

function openNew(): void {
  openForm((close) => <NewNamed kind="group" onClose={close} onMade={openGroup} />)
}

function openGroup(name: string): void {
  openForm((close) => <EditGroup name={name} onClose={close} />)
}

function Row({ group, onEdit }: { readonly group: GroupRow; readonly onEdit: () => void }) {
  const { name, displayName, email, members } = group
  return (
    <Line>
      <Table.Td>
        <Twice text={displayName} more={name} />
      </Table.Td>
      <Table.Td>{email ?? '–'}</Table.Td>
      <Table.Td>{members}</Table.Td>
      <Table.Td>
        <EditButton name={displayName} onEdit={onEdit} />
      </Table.Td>
    </Line>
  )
}

function EditGroup({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const { t } = useTranslation('admin')
  const path = pathOf('group', name)
  return (
    <EditedDialog<Members> path={path} titleOf={(seen) => seen?.displayName ?? name} onClose={onClose}>
      {(now) => (
        <Stack gap="lg">
          <NamesForm path={path} now={now} />
          <PeopleList
            title={t('members')}
            more={t('people.more')}
            none={t('people.none')}
            kinds={['user', 'group', 'room', 'resource']}
            without={[name]}
            people={now.data.members}
            of={[path, 'members']}
            add={(person) => send('POST', `${path}/members`, { body: { name: person.name } })}
            remove={(person) => send('DELETE', `${path}/members/${encodeURIComponent(person.name)}`)}
          />
          <Flex gap="md" wrap="wrap" align="center">
            <HistoryButton thing={{ kind: 'group', path, name: now.data.displayName }} />
            <RemoveNamed kind="group" name={name} displayName={now.data.displayName} onRemoved={onClose} />
          </Flex>
        </Stack>
      )}
    </EditedDialog>
  )
}
