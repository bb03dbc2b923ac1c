import { Button, Group, Stack, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Conflict } from '../client/change.ts'
import { Dialog } from './dialog/dialog.tsx'

/** One value in both versions, as it is read. */
export interface Difference {
  readonly label: string
  readonly mine: string
  readonly theirs: string
}

interface ConflictProps<Input, Seen> {
  readonly conflict: Conflict<Input, Seen> | undefined
  readonly differences: (mine: Input, theirs: Seen) => readonly Difference[]
}

/** Shows what somebody else made of what was being edited beside what was wanted: one of both is chosen, none is lost unseen. */
export function ConflictDialog<Input, Seen>({ conflict, differences }: ConflictProps<Input, Seen>) {
  const { t } = useTranslation()
  if (!conflict) return null
  const { mine, theirs, keepMine, keepTheirs, goBack = keepTheirs } = conflict
  return (
    <Dialog onClose={goBack} title={t('conflict.title')} size="lg">
      <Stack>
        <Text size="sm">{t('conflict.text')}</Text>
        <Table.ScrollContainer minWidth={320}>
          <Table layout="fixed">
            <Table.Thead>
              <Table.Tr>
                <Table.Td />
                <Table.Th scope="col">{t('conflict.mine')}</Table.Th>
                <Table.Th scope="col">{t('conflict.theirs')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {differences(mine, theirs.data).map(({ label, mine: one, theirs: other }) => (
                <Table.Tr key={label}>
                  <Table.Th scope="row">{label}</Table.Th>
                  <Table.Td>{one}</Table.Td>
                  <Table.Td>{other}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        <Group justify="flex-end">
          <Button variant="default" onClick={keepMine}>
            {t('conflict.keepMine')}
          </Button>
          <Button onClick={keepTheirs} data-autofocus>
            {t('conflict.keepTheirs')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
