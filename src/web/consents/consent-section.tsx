import { Button, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useFocusBack } from '../person/editing/focus-back.ts'
import { useOpened } from '../person/editing/opened.ts'
import { useReopening } from '../person/editing/reopening.ts'
import type { Card, Party } from '../person/person.ts'
import { Section } from '../person/section.tsx'
import { ConflictDialog } from '../ui/conflict.tsx'
import { Failed } from '../ui/states.tsx'
import { ConsentEditor, type Draft } from './consent-editor.tsx'
import { ConsentHistory } from './consent-history.tsx'
import { ConsentRow } from './consent-row.tsx'
import {
  type Consent,
  type ConsentChange,
  type NewConsent,
  useConsentChange,
  useConsents,
  useNewConsent,
} from './consents.ts'

interface ConsentsProps {
  readonly party: Party
  readonly cards: readonly Card[]
}

/** What is being written, and the tag of what was there when that began. */
interface Editing {
  readonly consent: Consent | undefined
  readonly etag: string | undefined
  /** What was written before, and refused. */
  readonly typed?: Draft
}

function useEditedConsent({ id }: Party) {
  const { editing, editor, setEditing } = useOpened<Editing>()
  const { place, leave, back } = useFocusBack<HTMLDivElement>()
  const { make: add } = useNewConsent(id)
  const { make: change, conflict } = useConsentChange(id)
  const edit = (next: Editing): void => {
    leave()
    setEditing(next)
  }
  const close = (): void => {
    setEditing(undefined)
    back()
  }
  const again = useReopening<Editing>(`consents ${id}`, `/contacts/${id}`, edit)
  const save = (input: NewConsent | ConsentChange | null, typed: Draft): void => {
    close()
    const { consent, etag } = editing ?? {}
    const reopen = (): void => again({ consent, etag, typed })
    if (consent) change({ consent, etag, change: input, reopen })
    else if (input !== null && input.state !== undefined) add({ ...input, state: input.state, reopen })
  }
  return { place, editing, editor, edit, close, save, change, conflict }
}

/** What somebody has agreed to or refused, for each channel and purpose. */
export function Consents({ party, cards }: ConsentsProps) {
  const { t } = useTranslation('consents')
  const { data, error, refetch } = useConsents(party.id)
  const { place, editing, editor, edit, close, save, change, conflict } = useEditedConsent(party)
  if (error) return <Failed error={error} again={() => void refetch()} />
  if (!data) return null
  const { items } = data.data
  const mayEdit = cards.some(({ rights }) => rights.edit)
  if (items.length === 0 && !mayEdit) return null
  const begin = (consent?: Consent): void => edit({ consent, etag: data.etag })
  return (
    <div ref={place}>
      <Section title={t('title')} action={mayEdit && <Add onClick={() => begin()} />}>
        {items.length === 0 && !editing && (
          <Text size="sm" c="dimmed">
            {t('none')}
          </Text>
        )}
        <ul className="facts">
          {items.map((consent, index) =>
            consent.id === editing?.consent?.id ? (
              <ConsentEditor
                key={editor}
                of={`consent ${consent.id}`}
                {...{ consent: editing.consent, typed: editing.typed }}
                onSave={save}
                onCancel={close}
              />
            ) : (
              <ConsentRow
                key={consent.id}
                {...{ consent, all: items, mayEdit, isFirst: index === 0 }}
                onEdit={() => begin(consent)}
                onState={(state) => change({ consent, change: { state }, etag: data.etag })}
              />
            ),
          )}
          {editing && !editing.consent && (
            <ConsentEditor
              key={editor}
              of={`party ${party.id} new consent`}
              {...{ consent: undefined, typed: editing.typed }}
              onSave={save}
              onCancel={close}
            />
          )}
        </ul>
        {items.length > 0 && <ConsentHistory partyId={party.id} />}
        <Conflicting conflict={conflict} />
      </Section>
    </div>
  )
}

function Add({ onClick }: { readonly onClick: () => void }) {
  const { t } = useTranslation('consents')
  return (
    <Button
      data-edits=""
      size="compact-sm"
      variant="subtle"
      leftSection={<IconPlus size={16} />}
      onClick={onClick}
    >
      {t('add')}
    </Button>
  )
}

function Conflicting({ conflict }: Pick<ReturnType<typeof useConsentChange>, 'conflict'>) {
  const { t } = useTranslation('consents')
  return (
    <ConflictDialog
      conflict={conflict}
      differences={({ consent, change }, { items }) => {
        const there = items.find(({ id }) => id === consent.id)
        const mine = change === null ? t('removed') : t(`states.${change.state ?? consent.state}`)
        return [{ label: t('state'), mine, theirs: there ? t(`states.${there.state}`) : t('removed') }]
      }}
    />
  )
}
