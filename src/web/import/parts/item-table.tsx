import { Anchor, Badge, Group, SegmentedControl, Stack, Table, Text } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useTold } from '../../refusals/said.ts'
import { MoreButton } from '../../ui/more-button.tsx'
import { Failed } from '../../ui/states.tsx'
import { type ImportItem, useItems } from '../imports.ts'

const ItemPreview = lazy(async () => ({ default: (await import('./item-preview.tsx')).ItemPreview }))

interface ItemTableProps {
  readonly id: number
  readonly isReady: boolean
  /** Of what was only tried, each item is shown as it would be. */
  readonly isTrial: boolean
}

/** Each item of a file, and what becomes of it and why; first those with which something is wrong. */
export function ItemTable({ id, isReady, isTrial }: ItemTableProps) {
  const { t } = useTranslation('import')
  const [looked, setLooked] = useState<ImportItem>()
  const [isOddOnly, setIsOddOnly] = useState(false)
  const pages = useItems(id, isReady)
  const { data, error, refetch } = pages
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
      <Items items={shown} isTrial={isTrial} onLook={setLooked} />
      <MoreButton pages={pages} variant="subtle">
        {t('more')}
      </MoreButton>
      {looked && (
        <Suspense>
          <ItemPreview
            {...{ id, number: looked.number, name: titleOf(looked) }}
            onClose={() => setLooked(undefined)}
          />
        </Suspense>
      )}
    </Stack>
  )
}

/** What it is called; where nothing says that, where it stands in the file. */
function titleOf({ title, place }: ImportItem): string {
  return title ?? place
}

interface ItemsProps {
  readonly items: readonly ImportItem[]
  readonly isTrial: boolean
  readonly onLook: (item: ImportItem) => void
}

function Items({ items, isTrial, onLook }: ItemsProps) {
  const { t } = useTranslation('import')
  const told = useTold()
  const outcomeOf = ({ outcome, undo }: ImportItem): string =>
    t(undo === undefined ? `${isTrial ? 'would' : 'did'}.${outcome}` : `undid.${undo}`)
  return (
    <Table.ScrollContainer minWidth={320} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('item')}</Table.Th>
            <Table.Th>{t('outcome')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <Table.Tr key={item.number}>
              <Table.Td>
                {isTrial && item.outcome !== 'refused' ? (
                  <Anchor component="button" type="button" size="sm" ta="start" onClick={() => onLook(item)}>
                    {titleOf(item)}
                  </Anchor>
                ) : (
                  <Text size="sm">{titleOf(item)}</Text>
                )}
              </Table.Td>
              <Table.Td>
                <Badge variant="default" {...(item.outcome === 'refused' && { color: 'red' })}>
                  {outcomeOf(item)}
                </Badge>
                <Text size="xs" c="dimmed">
                  {told(item.undoNote ?? item.note ?? '')}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
