import { Autocomplete, Button, Group, SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EditorForm } from '../person/editing/editor-form.tsx'
import { useKeepingAtEnd, useKeptDraft } from '../person/editing/kept-drafts.ts'
import { any, type Consent, type ConsentChange, type NewConsent, states } from './consents.ts'
import { channels, useConsentWords } from './words.ts'

interface ConsentEditorProps {
  /** Names what is edited among all others: what Escape leaves is there again the next time. */
  readonly of: string
  /** As it was when the editor was opened; undefined for a new one. */
  readonly consent: Consent | undefined
  /** What was written before, and refused. */
  readonly typed: Draft | undefined
  /** @param input  null takes it away */
  readonly onSave: (input: NewConsent | ConsentChange | null, typed: Draft) => void
  readonly onCancel: () => void
}

/** What somebody has agreed to, being written down. The channel and the purpose of what is known stay. */
export function ConsentEditor({ of, consent, typed, onSave, onCancel }: ConsentEditorProps) {
  const { t } = useTranslation('consents')
  const words = useConsentWords()
  const kept = useKeptDraft(of, draftOf(consent, words.channel('mail')))
  const { drop } = kept
  const [draft, setDraft] = useState(typed ?? kept.start)
  useKeepingAtEnd(kept, draft)
  const set = (part: Partial<Draft>): void => setDraft({ ...draft, ...part })
  const save = (): void => {
    drop()
    const { channel, purpose, expires, ...rest } = draft
    const said = { ...rest, expires: expires === '' ? null : expires }
    const known = [any, ...channels].find((one) => words.channel(one) === channel.trim())
    const about = { channel: (known ?? channel.trim()) || any, purpose: purpose.trim() || any }
    onSave(consent ? said : { ...said, ...about }, draft)
  }
  return (
    <EditorForm
      label={t('title')}
      isKept={kept.isKept && !typed}
      onSave={save}
      onEscape={() => {
        kept.keep(draft)
        onCancel()
      }}
    >
      {!consent && <About draft={draft} set={set} />}
      <SegmentedControl
        aria-label={t('state')}
        data={states.map((value) => ({ value, label: t(`states.${value}`) }))}
        value={draft.state}
        onChange={(state) => set({ state })}
      />
      <Said draft={draft} set={set} />
      <Tools onCancel={() => drop(onCancel)} onRemove={consent && (() => drop(() => onSave(null, draft)))} />
    </EditorForm>
  )
}

interface ToolsProps {
  readonly onCancel: () => void
  readonly onRemove: (() => void) | undefined
}

function Tools({ onCancel, onRemove }: ToolsProps) {
  const { t } = useTranslation('consents')
  return (
    <Group gap="xs">
      <Button type="submit" size="xs">
        {t('save')}
      </Button>
      <Button size="xs" variant="default" onClick={onCancel}>
        {t('app.cancel')}
      </Button>
      {onRemove && (
        <Button size="xs" variant="subtle" color="red" onClick={onRemove}>
          {t('remove')}
        </Button>
      )}
    </Group>
  )
}

/** What stands in the editor. */
export interface Draft {
  readonly channel: string
  readonly purpose: string
  readonly state: Consent['state']
  readonly source: string
  readonly on: string
  /** Empty where it does not end. */
  readonly expires: string
  readonly note: string
}

function draftOf(consent: Consent | undefined, channel: string): Draft {
  return {
    ...{ channel, purpose: '' },
    state: consent?.state ?? 'given',
    source: consent?.source ?? '',
    on: consent?.on ?? new Date().toISOString().slice(0, 10),
    expires: consent?.expires ?? '',
    note: consent?.note ?? '',
  }
}

interface PartProps {
  readonly draft: Draft
  readonly set: (part: Partial<Draft>) => void
}

/** What it is about: nothing written means all of them. */
function About({ draft: { channel, purpose }, set }: PartProps) {
  const { t } = useTranslation('consents')
  const words = useConsentWords()
  return (
    <Group gap="xs">
      <Autocomplete
        label={t('channel')}
        data={[any, ...channels].map(words.channel)}
        // All are offered, whatever is there.
        filter={({ options }) => options}
        value={channel}
        maxLength={50}
        onChange={(next) => set({ channel: next })}
        comboboxProps={{ withinPortal: false }}
        style={{ flex: '1 1 160px' }}
      />
      <TextInput
        label={t('purpose')}
        placeholder={t('anyPurpose')}
        value={purpose}
        maxLength={50}
        autoFocus
        onChange={(event) => set({ purpose: event.currentTarget.value })}
        style={{ flex: '1 1 160px' }}
      />
    </Group>
  )
}

/** Where it comes from, since when it is so, and until when. */
function Said({ draft: { source, on, expires, note }, set }: PartProps) {
  const { t } = useTranslation('consents')
  return (
    <>
      <Group gap="xs">
        <TextInput
          label={t('source')}
          placeholder={t('sourceHow')}
          value={source}
          maxLength={200}
          onChange={(event) => set({ source: event.currentTarget.value })}
          style={{ flex: '2 1 200px' }}
        />
        <TextInput
          type="date"
          label={t('on')}
          value={on}
          required
          withAsterisk={false}
          onChange={(event) => set({ on: event.currentTarget.value })}
          style={{ flex: '1 1 140px' }}
        />
        <TextInput
          type="date"
          label={t('expires')}
          value={expires}
          onChange={(event) => set({ expires: event.currentTarget.value })}
          style={{ flex: '1 1 140px' }}
        />
      </Group>
      <Textarea
        label={t('note')}
        autosize
        minRows={1}
        maxRows={8}
        value={note}
        onChange={(event) => set({ note: event.currentTarget.value })}
      />
    </>
  )
}
