import { Badge, Button, Group, SegmentedControl, Stack, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failed } from '../../ui/states.tsx'
import { type ImportItem, useItems } from '../imports.ts'

interface ItemTableProps {
  readonly id: number
  readonly isReady: boolean
}

/** Each item of a file, and what becomes of it and why; first those with which something is wrong. */
export function ItemTable({ id, isReady }: ItemTableProps) {
  const { t } = useTranslation('import')
  const [isOddOnly, setIsOddOnly] = useState(false)
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useItems(id, isReady)
  if (error) return <Failed error={error} again={() => void refetch()} />
  const items = data?.pages.flatMap((page) => page.items) ?? []
  if (items.length === 0) return null
  const isOdd = ({ outcome, note }: ImportItem): boolean => outcome === 'refused' || note !== undefined
  const shown = isOddOnly ? items.filter(isOdd) : items
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <SegmentedControl
          aria-label={t('shown')}
          value={isOddOnly ? 'odd' : 'all'}
          onChange={(value) => setIsOddOnly(value === 'odd')}
          data={[
            { value: 'all', label: t('all') },
            { value: 'odd', label: t('odd') },
          ]}
        />
      </Group>
      {shown.length === 0 && <Text c="dimmed">{t('nothingOdd')}</Text>}
      <Table.ScrollContainer minWidth={320} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('item')}</Table.Th>
              <Table.Th>{t('outcome')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((item) => (
              <Table.Tr key={item.number}>
                <Table.Td>
                  <Text size="sm">{item.place}</Text>
                </Table.Td>
                <Table.Td>
                  <Badge variant="default" {...(item.outcome === 'refused' && { color: 'red' })}>
                    {t(item.undo === undefined ? `did.${item.outcome}` : `undo.${item.undo}`)}
                  </Badge>
                  <Text size="xs" c="dimmed">
                    {item.undoNote ?? item.note}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {hasNextPage && (
        <Button variant="subtle" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>
          {t('more')}
        </Button>
      )}
    </Stack>
  )
}
