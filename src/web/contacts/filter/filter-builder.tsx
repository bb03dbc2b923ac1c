import { ActionIcon, Button, Group, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { fieldList } from '../../../features/fields/schema.ts'
import { get } from '../../client/api.ts'
import { FailedPart } from '../../ui/states.tsx'
import { none, useLabels, useSmartLists } from '../list/sides.ts'
import { everybody, type Viewing } from '../list/view.ts'
import { roles } from '../roles.ts'
import {
  fields,
  filterOfLines,
  givingOf,
  type Joining,
  type Line,
  linesOf,
  opsOf,
  opText,
} from './questions.ts'
import { SaveChanged } from './save-changed.tsx'
import { SaveList } from './save-list.tsx'

type Field = z.infer<typeof fieldList>['fields'][number]

/** Questions that people of the list are asked, and how they are joined; what is found shows at once. */
export function FilterBuilder({
  viewing,
  onClose,
}: {
  readonly viewing: Viewing
  readonly onClose: () => void
}) {
  const { t } = useTranslation('contacts')
  const asked = useFields()
  const own = asked.data ?? none
  const [state, setState] = useState(() => linesOf(viewing.view.filter))
  const types = new Map(own.map(({ key, type }) => [key, type]))
  const set = (lines: readonly Line[], joining: Joining): void => {
    setState({ lines, joining })
    viewing.show({ filter: filterOfLines(lines, joining, types) }, { replace: true })
  }
  const clear = (): void => {
    const { edit } = viewing.view
    viewing.show(edit === undefined ? { filter: undefined } : { ...everybody, list: edit })
    onClose()
  }
  if (!state)
    return (
      <Group className="filter">
        <Text size="sm">{t('filter.complex')}</Text>
        <Button size="xs" variant="default" onClick={clear}>
          {t('filter.clear')}
        </Button>
      </Group>
    )
  const { lines, joining } = state
  const first: Line = { field: 'label', op: 'is', value: '' }
  const shown = lines.length === 0 ? [first] : lines
  return (
    <Stack component="section" className="filter" gap="xs" aria-label={t('filter.title')}>
      <FailedPart of={[asked]} />
      {shown.map((line, at) => (
        <OneLine
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name, and stay in their order
          key={at}
          {...{ line, own }}
          onChange={(next) => set(shown.with(at, next), joining)}
          onDrop={() => set(shown.toSpliced(at, 1), joining)}
        />
      ))}
      <Foot
        {...{ viewing, joining }}
        isJoined={shown.length > 1}
        onAdd={() => setState({ lines: [...shown, first], joining })}
        onJoin={(next) => set(shown, next)}
        onClear={clear}
      />
    </Stack>
  )
}

interface FootProps {
  readonly viewing: Viewing
  readonly joining: Joining
  readonly isJoined: boolean
  readonly onAdd: () => void
  readonly onJoin: (joining: Joining) => void
  readonly onClear: () => void
}

/** What is done with all lines. */
function Foot({ viewing, joining, isJoined, onAdd, onJoin, onClear }: FootProps) {
  const { t } = useTranslation('contacts')
  return (
    <Group gap="xs" justify="space-between">
      <Group gap="xs">
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={onAdd}>
          {t('filter.add')}
        </Button>
        {isJoined && (
          <SegmentedControl
            size="xs"
            aria-label={t('filter.joining')}
            data={(['all', 'any'] as const).map((value) => ({ value, label: t(`filter.${value}`) }))}
            value={joining}
            onChange={(value) => onJoin(value === 'any' ? 'any' : 'all')}
          />
        )}
      </Group>
      <Group gap="xs">
        <Button size="xs" variant="subtle" color="gray" onClick={onClear}>
          {t('filter.clear')}
        </Button>
        <Saving viewing={viewing} />
      </Group>
    </Group>
  )
}

/** What is looked at becomes a list, or that of the list that is edited. */
function Saving({ viewing }: { readonly viewing: Viewing }) {
  const { edit, filter, book, kind } = viewing.view
  const lists = useSmartLists()
  const list = lists.data?.find(({ id }) => id === edit)
  if (!filter && book === undefined && !kind) return null
  return (
    <>
      <FailedPart of={[lists]} />
      {list && <SaveChanged key={list.id} list={list} viewing={viewing} />}
      <SaveList viewing={viewing} lists={lists.data ?? none} isOther={list !== undefined} />
    </>
  )
}

interface OneLineProps {
  readonly line: Line
  readonly own: readonly Field[]
  readonly onChange: (line: Line) => void
  readonly onDrop: () => void
}

/** One question: what, how, and which. */
function OneLine({ line, own, onChange, onDrop }: OneLineProps) {
  const { t } = useTranslation('contacts')
  const type = own.find(({ key }) => line.field === `custom:${key}`)?.type ?? ''
  const choose = (field: string): void => {
    const ops = opsOf(field, own.find(({ key }) => field === `custom:${key}`)?.type)
    onChange({ field, op: ops[0] ?? 'is', value: '' })
  }
  return (
    <div className="filter-line">
      <Select
        size="xs"
        aria-label={t('filter.field')}
        data={[
          ...fields.map((value) => ({ value: String(value), label: t(`filter.fields.${value}`) })),
          ...own.map(({ key, label }) => ({ value: `custom:${key}`, label })),
        ]}
        value={line.field}
        allowDeselect={false}
        searchable
        onChange={(value) => value !== null && choose(value)}
      />
      <Select
        size="xs"
        aria-label={t('filter.op')}
        data={opsOf(line.field, type).map((value) => ({
          value,
          label: t(`filter.ops.${opText(line.field, value)}`),
        }))}
        value={line.op}
        allowDeselect={false}
        onChange={(op) => op !== null && onChange({ ...line, op })}
      />
      <Value line={line} type={type} onChange={(value) => onChange({ ...line, value })} />
      <ActionIcon variant="subtle" color="gray" onClick={onDrop} aria-label={t('filter.drop')}>
        <IconX size={16} />
      </ActionIcon>
    </div>
  )
}

/** So many are offered at once; what is typed narrows them. */
const mostOffered = 100

interface ValueProps {
  readonly line: Line
  readonly type: string
  readonly onChange: (value: string) => void
}

function Value({ line, type, onChange }: ValueProps) {
  const { t } = useTranslation('contacts')
  const labels = useLabels()
  const giving = givingOf(line, type)
  if (giving === 'nothing') return <span />
  const label = giving === 'days' ? t('filter.days') : t('filter.value')
  if (giving === 'label' || giving === 'role') {
    const data =
      giving === 'label'
        ? (labels.data ?? none).map(({ name }) => name)
        : roles.map((value) => ({ value: String(value), label: t(`roles.${value}`) }))
    return (
      <Stack gap={4}>
        <Select
          size="xs"
          aria-label={label}
          data={data}
          value={line.value === '' ? null : line.value}
          searchable
          limit={mostOffered}
          placeholder={label}
          onChange={(value) => onChange(value ?? '')}
        />
        {giving === 'label' && <FailedPart of={[labels]} />}
      </Stack>
    )
  }
  return (
    <TextInput
      size="xs"
      aria-label={label}
      placeholder={label}
      value={line.value}
      {...(giving === 'days' && { inputMode: 'numeric' as const })}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

function useFields() {
  return useQuery({
    queryKey: ['fields'],
    queryFn: async ({ signal }) => (await get<z.infer<typeof fieldList>>('/fields', signal)).fields,
    select: offered,
  })
}

function offered(fields: readonly Field[]): readonly Field[] {
  return fields.filter(({ isRetired }) => !isRetired)
}
