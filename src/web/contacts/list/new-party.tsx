import { Anchor, Group, SegmentedControl, Select, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import type { z } from 'zod'
import type { cardReply } from '../../../features/cards/schema.ts'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { FormDialog } from '../../ui/dialog/form-dialog.tsx'
import { FailedPart } from '../../ui/states.tsx'
import { useHits } from './search.ts'
import { useBooks } from './sides.ts'

interface Draft {
  readonly kind: 'person' | 'org'
  readonly given: string
  readonly family: string
  readonly organisation: string
  readonly mail: string
  readonly phone: string
}

const blank: Draft = { kind: 'person', given: '', family: '', organisation: '', mail: '', phone: '' }

interface NewPartyProps {
  /** The book that is looked at. */
  readonly at?: number | undefined
  readonly onClose: () => void
}

/** Makes a person or a company of what one has at hand; everything else is added on the page of it. */
export function NewParty({ at, onClose }: NewPartyProps) {
  const { t } = useTranslation('contacts')
  const [draft, setDraft] = useState(blank)
  const asked = useBooks()
  const books = (asked.data ?? []).filter(({ rights }) => rights.add)
  const [chosen, setChosen] = useState<string | null>(null)
  const usual = books.find(({ id }) => id === at) ?? books.find(({ isDefault }) => isDefault) ?? books[0]
  const book = chosen === null ? usual?.id : Number(chosen)
  const [, go] = useLocation()
  const { make, isBusy } = useChange<Draft, unknown, z.infer<typeof cardReply>>({
    send: (given) => send('POST', `/books/${book}/cards`, { body: { edits: editsOf(given) } }),
    written: 'staying',
    keys: [['parties'], ['letters'], ['search']],
    said: (given) => t('new.made', { name: nameOf(given) }),
    onDone: ({ data: { party } }) => {
      onClose()
      if (party !== null) go(`/contacts/${party}`)
    },
  })
  return (
    <FormDialog
      title={t('new.title')}
      act={t('new.make')}
      isReady={nameOf(draft) !== '' && book !== undefined}
      onSave={() => make(draft)}
      {...{ isBusy, onClose }}
    >
      <Lines draft={draft} onChange={setDraft} />
      <FailedPart of={[asked]} />
      {books.length > 1 && (
        <Select
          label={t('new.book')}
          data={books.map(({ id, title }) => ({ value: String(id), label: title }))}
          value={book === undefined ? null : String(book)}
          allowDeselect={false}
          onChange={setChosen}
        />
      )}
      <Alike draft={draft} onFollow={onClose} />
    </FormDialog>
  )
}

interface LinesProps {
  readonly draft: Draft
  readonly onChange: (draft: Draft) => void
}

/** What is known of somebody at first. */
function Lines({ draft, onChange }: LinesProps) {
  const { t } = useTranslation('contacts')
  const line = (key: Exclude<keyof Draft, 'kind'>, props: object = {}) => (
    <TextInput
      key={key}
      label={t(`new.${key}`)}
      value={draft[key]}
      onChange={(event) => onChange({ ...draft, [key]: event.currentTarget.value })}
      {...props}
    />
  )
  return (
    <>
      <SegmentedControl
        aria-label={t('new.kind')}
        data={(['person', 'org'] as const).map((value) => ({ value, label: t(`new.kinds.${value}`) }))}
        value={draft.kind}
        onChange={(kind) => onChange({ ...draft, kind: kind === 'org' ? 'org' : 'person' })}
      />
      {draft.kind === 'person' && (
        <Group grow>
          {line('given', { 'data-autofocus': true })}
          {line('family')}
        </Group>
      )}
      {line('organisation')}
      {line('mail', { type: 'email' })}
      {line('phone', { type: 'tel' })}
    </>
  )
}

function nameOf({ kind, given, family, organisation, mail }: Draft): string {
  const name = kind === 'org' ? organisation : `${given} ${family}`
  return name.trim() || (kind === 'person' ? organisation.trim() || mail.trim() : '')
}

function editsOf(draft: Draft): object[] {
  const { kind, mail, phone } = draft
  const [given, family, organisation] = [draft.given.trim(), draft.family.trim(), draft.organisation.trim()]
  const isOrg = kind === 'org' || (given === '' && family === '' && organisation !== '')
  return [
    ...(isOrg ? [{ op: 'kind', kind: 'org' }] : []),
    ...(given === '' && family === '' ? [] : [{ op: 'name', parts: { given, family } }]),
    ...(given === '' && family === '' ? [{ op: 'text', property: 'fn', value: nameOf(draft) }] : []),
    ...(organisation === '' ? [] : [{ op: 'add', list: 'orgs', value: { name: organisation } }]),
    ...(mail.trim() === '' ? [] : [{ op: 'add', list: 'mails', value: mail.trim() }]),
    ...(phone.trim() === '' ? [] : [{ op: 'add', list: 'phones', value: phone.trim(), types: ['cell'] }]),
  ]
}

/** Who is there already and may be the same: by the address, the number, else the name. */
function Alike({ draft, onFollow }: { readonly draft: Draft; readonly onFollow: () => void }) {
  const { t } = useTranslation('contacts')
  const wanted = draft.mail.includes('@') ? draft.mail : draft.phone.length > 5 ? draft.phone : nameOf(draft)
  const [q] = useDebouncedValue(wanted.length > 3 ? wanted : '', 200)
  const hits = useHits(q, { kinds: 'person,org', limit: 3 })
  const items = q === '' ? [] : (hits.data?.items ?? [])
  if (items.length === 0) return <FailedPart of={[hits]} />
  return (
    <div role="status">
      <Text size="sm" c="dimmed">
        {t('new.alike')}
      </Text>
      {items.map(({ partyId, title, match }) => (
        <Anchor
          key={partyId}
          component={Link}
          href={`/contacts/${partyId}`}
          onClick={onFollow}
          size="sm"
          display="block"
          py={4}
        >
          {match.text === title ? title : `${title} · ${match.text}`}
        </Anchor>
      ))}
    </div>
  )
}
