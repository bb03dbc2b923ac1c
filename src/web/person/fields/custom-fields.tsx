import { ActionIcon, Anchor, Button, Group, Menu } from '@mantine/core'
import { IconForms, IconPencil, IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Tagged } from '../../client/api.ts'
import { ConflictDialog } from '../../ui/conflict.tsx'
import { FailedPart, LoadingPart } from '../../ui/states.tsx'
import { useFocusBack } from '../editing/focus-back.ts'
import { useOpened } from '../editing/opened.ts'
import { useReopening } from '../editing/reopening.ts'
import { Fact } from '../fact.tsx'
import type { Card, Party } from '../person.ts'
import { Section } from '../section.tsx'
import { FieldEditor, type Written } from './field-editor.tsx'
import {
  type Field,
  type SettingHandle,
  useFields,
  useFieldValues,
  useSetting,
  type Values,
} from './fields.ts'
import { valueText } from './value-text.ts'
import { ValueView } from './value-view.tsx'

interface CustomFieldsProps {
  readonly party: Party
  readonly cards: readonly Card[]
}

/** What is being written, and what was there when that began. */
interface Editing {
  readonly field: Field
  readonly seen: Tagged<Values>
  /** What was written before, and refused. */
  readonly typed?: Written
}

function useEditedField({ id }: Party) {
  const { editing, editor, setEditing } = useOpened<Editing>()
  const { place, leave, back } = useFocusBack<HTMLDivElement>()
  const { make, conflict } = useSetting(id)
  const edit = (next: Editing): void => {
    leave(next.field.key)
    setEditing(next)
  }
  const close = (): void => {
    setEditing(undefined)
    back()
  }
  const reopen = useReopening<Editing>(`fields ${id}`, `/contacts/${id}`, edit)
  const set = (value: unknown, shown: unknown, typed: Written): void => {
    close()
    if (!editing) return
    const { field, seen } = editing
    make({ field, value, shown, seen, reopen: () => reopen({ ...editing, typed }) })
  }
  return { place, editing, editor, edit, close, set, conflict }
}

/** The fields that the house, or an address book, has of its own: each value is edited where it stands. */
export function CustomFields({ party, cards }: CustomFieldsProps) {
  const { t } = useTranslation('person')
  const fields = useFields()
  const said = useFieldValues(party.id)
  const { place, editing, editor, edit, close, set, conflict } = useEditedField(party)
  const failed = <FailedPart of={[fields, said]} />
  const { data } = said
  if (!data || !fields.data) return fields.error || said.error ? failed : <LoadingPart of={said} />
  const { values } = data.data
  const mine = fields.data.filter((field) => isFor(field, party))
  const isShown = ({ key }: Field): boolean => key in values || editing?.field.key === key
  const filled = mine.filter(isShown)
  const mayEdit = cards.some(({ rights }) => rights.edit)
  const unsaid = mayEdit ? mine.filter((field) => !isShown(field) && !field.isRetired) : []
  if (filled.length + unsaid.length === 0) return failed
  const begin = (field: Field): void => edit({ field, seen: data })
  return (
    <div ref={place}>
      <Section title={t('sections.fields')} action={<Define fields={fields.data} />}>
        {failed}
        <ul className="facts">
          {filled.map((field, index) =>
            field.key === editing?.field.key ? (
              <FieldEditor
                key={editor}
                {...{ party, field }}
                value={editing.seen.data.values[field.key]}
                typed={editing.typed}
                onSave={set}
                onCancel={close}
              />
            ) : (
              <Fact
                key={field.key}
                icon={index === 0 ? IconForms : undefined}
                label={field.label}
                tools={mayEdit && <EditButton field={field} onClick={() => begin(field)} />}
              >
                <ValueView field={field} value={values[field.key]} />
              </Fact>
            ),
          )}
        </ul>
        <Unsaid fields={unsaid} onEdit={begin} />
        <SettingConflict conflict={conflict} />
      </Section>
    </div>
  )
}

/** What was to be set, and what somebody else has set meanwhile. */
function SettingConflict({ conflict }: Pick<SettingHandle, 'conflict'>) {
  const { t, i18n } = useTranslation('person')
  const textOf = (field: Field, value: unknown): string =>
    value === null || value === undefined ? '–' : valueText(field, value, t, i18n.language)
  return (
    <ConflictDialog
      conflict={conflict}
      differences={({ field, shown }, { values }) => [
        { label: field.label, mine: textOf(field, shown), theirs: textOf(field, values[field.key]) },
      ]}
    />
  )
}

function EditButton({ field, onClick }: { readonly field: Field; readonly onClick: () => void }) {
  const { t } = useTranslation('person')
  return (
    <ActionIcon
      data-edits={field.key}
      variant="subtle"
      color="gray"
      onClick={onClick}
      aria-label={t('edit', { name: field.label })}
    >
      <IconPencil size={16} />
    </ActionIcon>
  )
}

/** So many empty fields are offered by name; more are behind a button. */
const mostOffered = 6

interface UnsaidProps {
  readonly fields: readonly Field[]
  readonly onEdit: (field: Field) => void
}

/** Fields that nothing stands in, offered by the way. */
function Unsaid({ fields, onEdit }: UnsaidProps) {
  const { t } = useTranslation('person')
  const offered = fields.length > mostOffered + 1 ? fields.slice(0, mostOffered) : fields
  const rest = fields.slice(offered.length)
  if (fields.length === 0) return null
  return (
    <Group gap={4} className="not-printed">
      {offered.map((field) => (
        <Button
          key={field.key}
          data-edits={field.key}
          size="compact-sm"
          variant="subtle"
          color="gray"
          c="dimmed"
          leftSection={<IconPlus size={14} />}
          onClick={() => onEdit(field)}
        >
          {field.label}
        </Button>
      ))}
      {rest.length > 0 && (
        <Menu returnFocus={false}>
          <Menu.Target>
            <Button data-edits="" size="compact-sm" variant="subtle" color="gray" c="dimmed">
              {t('custom.more', { count: rest.length })}
            </Button>
          </Menu.Target>
          <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
            {rest.map((field) => (
              <Menu.Item key={field.key} onClick={() => onEdit(field)}>
                {field.label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </Group>
  )
}

/** The way to where fields are defined, for whoever may change one of them. */
function Define({ fields }: { readonly fields: readonly Field[] }) {
  const { t } = useTranslation('person')
  if (!fields.some(({ rights }) => rights.edit)) return null
  return (
    <Anchor component={Link} href="/fields" size="sm">
      {t('custom.define')}
    </Anchor>
  )
}

/** Those of a book are for whoever has a card in it. */
function isFor({ book }: Field, { cards }: Party): boolean {
  return book === null || cards.some((card) => card.book.id === book)
}
