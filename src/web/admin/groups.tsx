import { Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type GroupRow, usePages } from './admin.ts'
import { Paged, Twice } from './more.tsx'

/** The groups, and how many are in each. */
export function Groups() {
  const { t } = useTranslation('admin')
  const pages = usePages<GroupRow>('/groups')
  return (
    <Paged
      pages={pages}
      none={t('none.groups')}
      heads={[t('name'), t('mail'), t('members')]}
      row={({ name, displayName, email, members }) => (
        <Table.Tr key={name}>
          <Table.Td>
            <Twice text={displayName} more={name} />
          </Table.Td>
          <Table.Td>{email ?? '–'}</Table.Td>
          <Table.Td>{members}</Table.Td>
        </Table.Tr>
      )}
    />
  )
}
