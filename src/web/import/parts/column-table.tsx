import { Button, Group, Select, Stack, Table, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Columns, useColumns, useRun } from '../imports.ts'
import { useTargetName } from './targets.ts'

interface ColumnTableProps {
  readonly id: number
  readonly open: (id: number) => void
}

/** What stands for a column that is kept on the card as it came. */
const kept = 'kept'

type Chosen = Readonly<Record<string, string>>

/** What somebody chose for each trial: a field that is not there yet has no name of its own. */
const chosenFor = new Map<number, Chosen>()
const none: Chosen = {}

/** The columns of a table, and where each goes. Of a file that is no table there is nothing to say. */
export function ColumnTable({ id, open }: ColumnTableProps) {
  const { t } = useTranslation('import')
  const { data } = useColumns(id, true)
  const tried = chosenFor.get(id) ?? none
  const [changed, setChanged] = useState(tried)
  const run = useRun(id, (next) => {
    chosenFor.set(next, changed)
    open(next)
  })
  if (!data?.isTable) return null
  const goesTo = ({ number, target }: Columns['columns'][number]): string => changed[number] ?? target ?? kept
  const columns = Object.fromEntries(
    data.columns.flatMap((column) => {
      const target = goesTo(column)
      return target === kept ? [] : [[String(column.number), named(column, target)]]
    }),
  )
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {t('columns')}
      </Title>
      <Table.ScrollContainer minWidth={320} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('column')}</Table.Th>
              <Table.Th>{t('goesTo')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.columns.map((column) => (
              <ColumnRow
                key={column.number}
                column={column}
                all={data}
                value={goesTo(column)}
                onChange={(target) => setChanged({ ...changed, [column.number]: target })}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {changed !== tried && (
        <Group>
          <Button
            variant="default"
            loading={run.isPending}
            onClick={() => run.mutate({ dryRun: true, columns })}
          >
            {t('useColumns')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}

/** A new field is called as its column is. */
function named({ header }: Columns['columns'][number], target: string) {
  const type = newTypes.find((one) => target === `new:${one}`)
  const label = header.trim().slice(0, 100).trim()
  return type === undefined || label === '' ? target : { type, label }
}

interface ColumnRowProps extends Omit<TargetSelectProps, 'label'> {
  readonly column: Columns['columns'][number]
}

function ColumnRow({ column: { header, samples }, ...select }: ColumnRowProps) {
  const { t } = useTranslation('import')
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm">{header}</Text>
        <Text size="xs" c="dimmed" lineClamp={2}>
          {samples.slice(0, 3).join(' · ')}
        </Text>
      </Table.Td>
      <Table.Td>
        <TargetSelect label={t('targetOf', { column: header })} {...select} />
      </Table.Td>
    </Table.Tr>
  )
}

interface TargetSelectProps {
  readonly label: string
  readonly all: Columns
  readonly value: string
  readonly onChange: (target: string) => void
}

function TargetSelect({ label, all, value, onChange }: TargetSelectProps) {
  const { t } = useTranslation('import')
  const nameOf = useTargetName()
  const known = new Set([...all.targets, ...all.fields.map(({ target }) => target), '-', kept])
  const others = known.has(value) || value.startsWith('new:') ? [] : [value]
  return (
    <Select
      aria-label={label}
      searchable
      allowDeselect={false}
      value={value}
      onChange={(target) => target !== null && onChange(target)}
      data={[
        { value: kept, label: t('kept') },
        { value: '-', label: t('leftOut') },
        {
          group: t('ofCards'),
          items: [...others, ...all.targets].map((one) => ({ value: one, label: nameOf(one) })),
        },
        ...(all.fields.length > 0
          ? [
              {
                group: t('ofFields'),
                items: all.fields.map(({ target, label: name }) => ({ value: target, label: name })),
              },
            ]
          : []),
        ...(all.mayDefine
          ? [
              {
                group: t('newField'),
                items: newTypes.map((type) => ({ value: `new:${type}`, label: t(`types.${type}`) })),
              },
            ]
          : []),
      ]}
    />
  )
}

/** Of fields that need nothing said beside their type. */
const newTypes = ['text', 'number', 'date', 'choice', 'yes-no', 'link'] as const
