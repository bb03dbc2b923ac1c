import { Group, Radio, Stack, Table, Text, VisuallyHidden } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useIsNarrow } from '../ui/navigation.tsx'
import type { Choice, MergePreview } from './duplicates.ts'

type Field = MergePreview['fields'][number]

interface ComparedFieldsProps {
  /** Of the one who stays, and of the one who goes into it. */
  readonly names: readonly [string, string]
  readonly fields: readonly Field[]
  /** Undefined where there is nothing to choose; without one of its own a field has what is proposed. */
  readonly choices: Readonly<Record<string, Choice>> | undefined
  readonly onChoose: (field: string, choice: Choice) => void
}

/** What two say otherwise, side by side, and which of it stays. */
export function ComparedFields({ names, fields, choices, onChoose }: ComparedFieldsProps) {
  const isNarrow = useIsNarrow()
  const rows = fields.map((field) => ({
    field,
    chosen: choices && (choices[field.name] ?? field.proposed),
    onChoose: (choice: Choice) => onChoose(field.name, choice),
  }))
  return (
    <Table layout="fixed">
      <Heads {...{ names, isNarrow }} isChosen={choices !== undefined} />
      {isNarrow ? (
        rows.map((row) => <FieldBlock key={row.field.name} {...row} />)
      ) : (
        <Table.Tbody>
          {rows.map((row) => (
            <FieldRow key={row.field.name} {...row} />
          ))}
        </Table.Tbody>
      )}
    </Table>
  )
}

interface HeadsProps {
  readonly names: readonly [string, string]
  readonly isNarrow: boolean
  readonly isChosen: boolean
}

function Heads({ names: [survivor, loser], isNarrow, isChosen }: HeadsProps) {
  const { t } = useTranslation('duplicates')
  return (
    <Table.Thead>
      <Table.Tr>
        {!isNarrow && (
          <Table.Th scope="col" w={130}>
            {t('field')}
          </Table.Th>
        )}
        <Table.Th scope="col">{t('stays', { name: survivor })}</Table.Th>
        <Table.Th scope="col">{t('goes', { name: loser })}</Table.Th>
        {!isNarrow && isChosen && (
          <Table.Th scope="col" w={170}>
            {t('keep')}
          </Table.Th>
        )}
      </Table.Tr>
    </Table.Thead>
  )
}

interface FieldProps {
  readonly field: Field
  /** Undefined where there is nothing to choose. */
  readonly chosen: Choice | undefined
  readonly onChoose: (choice: Choice) => void
}

function FieldRow({ field, chosen, onChoose }: FieldProps) {
  const { t } = useTranslation('duplicates')
  return (
    <Table.Tr>
      <Table.Th scope="row">{fieldName(field.name, t)}</Table.Th>
      <Sides field={field} />
      {chosen && (
        <Table.Td>
          <Choices {...{ field, chosen, onChoose }} />
        </Table.Td>
      )}
    </Table.Tr>
  )
}

/** The same below each other: a phone has no room for four columns. */
function FieldBlock({ field, chosen, onChoose }: FieldProps) {
  const { t } = useTranslation('duplicates')
  return (
    <Table.Tbody style={{ borderBlockStart: '1px solid var(--table-border-color)' }}>
      <Table.Tr style={{ borderBottom: 'none' }}>
        <Table.Th scope="rowgroup" colSpan={2} pb={0}>
          {fieldName(field.name, t)}
        </Table.Th>
      </Table.Tr>
      <Table.Tr {...(chosen && { style: { borderBottom: 'none' } })}>
        <Sides field={field} />
      </Table.Tr>
      {chosen && (
        <Table.Tr>
          <Table.Td colSpan={2} pt={0}>
            <Choices {...{ field, chosen, onChoose }} />
          </Table.Td>
        </Table.Tr>
      )}
    </Table.Tbody>
  )
}

function Sides({ field }: { readonly field: Field }) {
  return [field.survivor, field.loser].map((values, index) => (
    <Table.Td key={index === 0 ? 'survivor' : 'loser'} style={{ overflowWrap: 'anywhere' }}>
      <Values values={values} />
    </Table.Td>
  ))
}

function Choices({ field, chosen, onChoose }: FieldProps & { readonly chosen: Choice }) {
  const { t } = useTranslation('duplicates')
  const isNarrow = useIsNarrow()
  const radios = field.choices.map((choice) => (
    <Radio key={choice} value={choice} size="sm" label={t(`choices.${choice}`)} />
  ))
  return (
    <Radio.Group
      label={<VisuallyHidden>{fieldName(field.name, t)}</VisuallyHidden>}
      labelProps={{ style: { position: 'absolute' } }}
      value={chosen}
      onChange={(value) => onChoose(value as Choice)}
    >
      {isNarrow ? <Group gap="lg">{radios}</Group> : <Stack gap={6}>{radios}</Stack>}
    </Radio.Group>
  )
}

function Values({ values }: { readonly values: Field['survivor'] }) {
  const { t } = useTranslation('duplicates')
  return values.map(({ value, isMedia, label, types }) => (
    <Text key={`${value} ${label} ${types.join()}`} size="sm">
      {isMedia ? t('media') : value}
      {label !== null && ` (${label})`}
    </Text>
  ))
}

const named = new Set('FN N TEL EMAIL ADR ORG TITLE URL BDAY NOTE PHOTO NICKNAME CATEGORIES'.split(' '))

/** A property in words; one that has none by its name. */
function fieldName(name: string, t: (key: string) => string): string {
  return named.has(name) ? t(`fields.${name}`) : name
}
