import './columns.css'
import { Alert, Button, Group, NativeSelect, Select, Stack, Table, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FailedPart, LoadingPart } from '../../ui/states.tsx'
import { anew, type Columns, useColumns, useRun } from '../imports.ts'
import type { Saying, Wish } from '../wish.ts'
import { useTargetName } from './targets.ts'

interface ColumnTableProps {
  readonly id: number
  /** Those that are said to go elsewhere than their names say. */
  readonly columns: Wish['columns']
  readonly say: (saying: Saying) => void
  readonly open: (id: number) => void
}

type Column = Columns['columns'][number]

/** What stands for a column that is kept on the card as it came. */
const kept = '+'

/** The columns of a table, and where each goes. Of a file that is no table there is nothing to say. */
export function ColumnTable({ id, columns, say, open }: ColumnTableProps) {
  const { t } = useTranslation('import')
  const asked = useColumns(id, true)
  const { data } = asked
  const run = useRun(id, open)
  const [isWhole, setIsWhole] = useState(false)
  if (!data) return asked.error ? <FailedPart of={[asked]} /> : <LoadingPart of={asked} />
  if (!data.isTable || data.columns.every(({ filled }) => filled === 0)) return null
  const goesTo = (column: Column): string => wished(columns[column.number]) ?? triedAs(column)
  const shown = data.columns.filter(
    ({ filled, number }) => isWhole || filled > 0 || columns[number] !== undefined,
  )
  const isChanged = data.columns.some((column) => goesTo(column) !== triedAs(column))
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {t('columns')}
      </Title>
      {!data.hasHeader && <Alert>{t('noHeader')}</Alert>}
      <CharsetSelect
        value={data.charset ?? 'utf-8'}
        onChange={(charset) => run.mutate({ ...anew, charset })}
        isBusy={run.isPending}
      />
      <Table.ScrollContainer minWidth={320} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table verticalSpacing={6} layout="fixed" role="table" className="import-columns">
          <Table.Thead>
            <Table.Tr role="row">
              <Table.Th>{t('column')}</Table.Th>
              <Table.Th>{t('goesTo')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((column) => (
              <ColumnRow
                key={column.number}
                column={column}
                all={data}
                value={goesTo(column)}
                onChange={(target) =>
                  say({ change: { columns: { [column.number]: named(column, target) } } })
                }
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {shown.length < data.columns.length && (
        <Button variant="subtle" size="compact-sm" w="fit-content" onClick={() => setIsWhole(true)}>
          {t('emptyColumns', { count: data.columns.length - shown.length })}
        </Button>
      )}
      {isChanged && <TryAgain isBusy={run.isPending} onTry={() => run.mutate(anew)} />}
    </Stack>
  )
}

interface TryAgainProps {
  readonly isBusy: boolean
  readonly onTry: () => void
}

function TryAgain({ isBusy, onTry }: TryAgainProps) {
  const { t } = useTranslation('import')
  return (
    <Group>
      <Button variant="default" loading={isBusy} onClick={onTry}>
        {t('useColumns')}
      </Button>
      <Text size="sm" c="dimmed">
        {t('columnsChanged')}
      </Text>
    </Group>
  )
}

/** Where a column goes in what is shown below. */
function triedAs({ target, newType }: Column): string {
  return newType === undefined ? (target ?? kept) : `new:${newType}`
}

function wished(target: Wish['columns'][string] | undefined): string | undefined {
  return typeof target === 'object' ? `new:${target.type}` : target
}

/** A new field is called as its column is. */
function named({ header }: Column, target: string) {
  const type = newTypes.find((one) => target === `new:${one}`)
  const label = header.trim().slice(0, 100).trim()
  return type === undefined || label === '' ? target : { type, label }
}

/** What tables that are older or from elsewhere are written in. */
const charsets = [
  ...[
    'utf-8',
    'utf-16le',
    'utf-16be',
    'windows-1252',
    'windows-1250',
    'windows-1251',
    'windows-1253',
    'windows-1254',
  ],
  ...['macintosh', 'x-mac-cyrillic', 'koi8-r', 'iso-8859-2', 'shift_jis', 'gb18030', 'big5', 'euc-kr'],
]

interface CharsetSelectProps {
  readonly value: string
  readonly onChange: (charset: string) => void
  readonly isBusy: boolean
}

/** How the letters are read, which is guessed where the file does not say it; another choice tries it anew. */
function CharsetSelect({ value, onChange, isBusy }: CharsetSelectProps) {
  const { t } = useTranslation('import')
  return (
    <NativeSelect
      maw={360}
      label={t('charset')}
      description={t('charsetWhy')}
      value={value.toLowerCase()}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      disabled={isBusy}
      data={[...new Set([value.toLowerCase(), ...charsets])]}
    />
  )
}

interface ColumnRowProps extends Omit<TargetSelectProps, 'label'> {
  readonly column: Column
}

function ColumnRow({ column: { header, samples }, ...select }: ColumnRowProps) {
  const { t } = useTranslation('import')
  return (
    <Table.Tr role="row">
      <Table.Td role="cell">
        <Text size="sm">{header}</Text>
        <Text size="xs" c="dimmed" lineClamp={2}>
          {samples.slice(0, 3).join(' · ')}
        </Text>
      </Table.Td>
      <Table.Td role="cell">
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
