import { SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { booksOf } from '../card/books.ts'
import { EditConflict } from '../card/edit-conflict.tsx'
import type { CardEdit } from '../card/edits.ts'
import type { Details } from '../card/merged.ts'
import { EditingProvider, useEdits } from '../card/use-edits.ts'
import { DialogButtons, DialogFrame } from '../dialog.tsx'
import type { Card } from '../person.ts'
import type { DialogProps } from './person-menu.tsx'

const parts = ['prefix', 'given', 'additional', 'family', 'family2', 'suffix', 'generation'] as const
type Part = (typeof parts)[number]
type Name = Pick<Details, 'name' | 'fn' | 'kind'>

/** A name, and all cards that say it; what is written stays while another one is looked at. */
interface Named {
  readonly cards: readonly [Card, ...Card[]]
  readonly is: Name
}

/** What somebody is called, by the parts of the name, or as a whole. Where cards differ each is edited by itself. */
export function NameDialog({ party, cards, onClose }: DialogProps) {
  const { t } = useTranslation('person')
  const editing = useEdits(party.id, onClose)
  const [names, setNames] = useState(() => namesOf(cards.filter(({ rights }) => rights.edit)))
  const [at, setAt] = useState(0)
  const named = names[at]
  if (!named) return null
  const change = (is: Partial<Name>): void =>
    setNames(names.with(at, { ...named, is: { ...named.is, ...is } }))
  const save = (): void => {
    const steps = names.flatMap(({ cards: mine, is }) => {
      const edits = editsOf(mine[0].details, is)
      return edits.length === 0 ? [] : mine.map((card) => ({ card, edits }))
    })
    if (steps.length > 0) editing.make({ steps, said: t('saved') })
    else onClose()
  }
  const bookNames = names.map((one) => booksOf(one.cards, party).join(', '))
  return (
    <DialogFrame title={t('menu.name')} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <Stack>
          <Books names={bookNames} at={at} onChange={setAt} />
          <NameFields was={named.cards[0].details} is={named.is} onChange={change} />
          <DialogButtons onCancel={onClose} />
        </Stack>
      </form>
      <EditingProvider value={editing}>
        <EditConflict />
      </EditingProvider>
    </DialogFrame>
  )
}

/** Names of cards, each once. */
function namesOf(cards: readonly Card[]): readonly Named[] {
  const found = new Map<string, Named>()
  for (const card of cards) {
    const { name, fn, kind } = card.details
    const key = JSON.stringify([parts.map((part) => name[part]), fn, kind])
    const same = found.get(key)
    found.set(key, { is: { name, fn, kind }, cards: same ? [...same.cards, card] : [card] })
  }
  return [...found.values()]
}

interface BooksProps {
  /** The books of each name; empty where those are all. */
  readonly names: readonly string[]
  readonly at: number
  readonly onChange: (at: number) => void
}

/** Whose name is written, where not all cards have it. */
function Books({ names, at, onChange }: BooksProps) {
  const { t } = useTranslation('person')
  if (names.length > 1)
    return (
      <Select
        label={t('into')}
        data={names.map((label, index) => ({ value: String(index), label }))}
        value={String(at)}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        onChange={(value) => onChange(Number(value))}
      />
    )
  if (!names[at]) return null
  return (
    <Text size="sm" c="dimmed">
      {`${t('into')}: ${names[at]}`}
    </Text>
  )
}

interface NameFieldsProps {
  readonly was: Name
  readonly is: Name
  readonly onChange: (is: Partial<Name>) => void
}

function NameFields({ was, is: { name, fn, kind }, onChange }: NameFieldsProps) {
  const { t } = useTranslation('person')
  const shown = parts.filter((part) =>
    part !== 'family2' && part !== 'generation' ? true : was.name[part] !== '',
  )
  return (
    <>
      <SegmentedControl
        aria-label={t('kind')}
        data={(['individual', 'org'] as const).map((value) => ({ value, label: t(`cardKinds.${value}`) }))}
        value={kind}
        onChange={(value) => onChange({ kind: value as Details['kind'] })}
      />
      {kind === 'individual' &&
        shown.map((part: Part) => (
          <TextInput
            key={part}
            label={t(`nameParts.${part}`)}
            value={name[part]}
            autoComplete="off"
            {...(part === 'given' && { 'data-autofocus': true })}
            onChange={(event) => onChange({ name: { ...name, [part]: event.currentTarget.value } })}
          />
        ))}
      <TextInput
        label={t('shownName')}
        description={kind === 'individual' ? t('shownNameWhy') : undefined}
        value={fn}
        autoComplete="off"
        onChange={(event) => onChange({ fn: event.currentTarget.value })}
      />
    </>
  )
}

/** What is to be changed: nothing that is as it was. */
function editsOf(details: Details, { name, fn, kind }: Name): CardEdit[] {
  const edits: CardEdit[] = []
  const changed = parts.filter((part) => name[part] !== details.name[part])
  if (changed.length > 0)
    edits.push({ op: 'name', parts: Object.fromEntries(changed.map((part) => [part, name[part].trim()])) })
  if (fn !== details.fn && fn.trim() !== '') {
    edits.push({ op: 'text', property: 'fn', value: fn.trim() })
    // Phones show of a company what its ORG says.
    if (kind === 'org' && details.orgs[0]?.value.name === details.fn)
      edits.push({ op: 'employer', org: fn.trim() })
  }
  if (kind !== details.kind && kind !== 'group') edits.push({ op: 'kind', kind })
  return edits
}
