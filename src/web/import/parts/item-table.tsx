import { Anchor, Badge, Group, NativeSelect, SegmentedControl, Stack, Table, Text } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useTold } from '../../refusals/said.ts'
import { MoreButton } from '../../ui/more-button.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { type ImportItem, type ItemsPart, useItems } from '../imports.ts'
import { type Choices, ways, waysFor } from './choices.ts'

const ItemPreview = lazy(async () => ({ default: (await import('./item-preview.tsx')).ItemPreview }))

interface ItemTableProps {
  readonly id: number
  readonly isReady: boolean
  /** Of what was only tried: each item is shown as it would be, and what becomes of it can be chosen. */
  readonly choices?: Choices
}

const parts = ['all', 'met', 'odd'] as const

/** Each item of a file, and what becomes of it and why; or those alone that are there already, or have something wrong. */
export function ItemTable({ id, isReady, choices }: ItemTableProps) {
  const { t } = useTranslation('import')
  const [looked, setLooked] = useState<ImportItem>()
  const [part, setPart] = useState<ItemsPart>('all')
  const found = useItems(id, isReady, part)
  const { data, error, isPending, refetch } = found
  if (error) return <Failed error={error} again={() => void refetch()} />
  const items = data?.pages.flatMap((page) => page.items) ?? []
  if (items.length === 0 && part === 'all') return null
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <SegmentedControl
          aria-label={t('shown')}
          value={part}
          onChange={(value) => setPart(parts.find((one) => one === value) ?? 'all')}
          data={parts.map((value) => ({ value, label: t(value) }))}
        />
      </Group>
      {isPending && isReady && <Loading />}
      {items.length === 0 && !isPending && <Text c="dimmed">{t('nothingOdd')}</Text>}
      {items.length > 0 && <Items items={items} onLook={setLooked} {...(choices && { choices })} />}
      <MoreButton pages={found} variant="subtle">
        {t('more')}
      </MoreButton>
      {looked && choices && (
        <Suspense>
          <ItemPreview
            {...{ id, number: looked.number, name: titleOf(looked), way: choices.wayOf(looked) }}
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
  readonly choices?: Choices
  readonly onLook: (item: ImportItem) => void
}

function Items({ items, choices, onLook }: ItemsProps) {
  const { t } = useTranslation('import')
  const told = useTold()
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
                {choices && item.outcome !== 'refused' ? (
                  <Anchor component="button" type="button" size="sm" ta="start" onClick={() => onLook(item)}>
                    {titleOf(item)}
                  </Anchor>
                ) : (
                  <Text size="sm">{titleOf(item)}</Text>
                )}
              </Table.Td>
              <Table.Td>
                <Outcome item={item} {...(choices && { choices })} />
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

interface OutcomeProps {
  readonly item: ImportItem
  readonly choices?: Choices
}

/** What becomes of an item, or became; of one that is there already it can be chosen. */
function Outcome({ item, choices }: OutcomeProps) {
  const { t } = useTranslation('import')
  const { outcome, undo, meets } = item
  if (choices && meets && outcome !== 'refused')
    return (
      <NativeSelect
        size="xs"
        maw={200}
        aria-label={t('choiceOf', { title: titleOf(item) })}
        value={choices.wayOf(item)}
        onChange={({ currentTarget: { value } }) =>
          choices.choose(item, ways.find((way) => way === value) ?? 'update')
        }
        data={waysFor(meets).map((value) => ({ value, label: t(`choice.${value}`) }))}
      />
    )
  return (
    <Badge variant="default" {...(outcome === 'refused' && { color: 'red' })}>
      {t(undo === undefined ? `${choices ? 'would' : 'did'}.${outcome}` : `undid.${undo}`)}
    </Badge>
  )
}
