import { Button, Group, NumberInput, SegmentedControl, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { activity, madeTask } from '../../../features/timeline/schema.ts'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { keys, type Party } from '../person.ts'
import { htmlOf } from './light-text.ts'
import { MentionField } from './mention-field.tsx'
import { audienceOf, type SeenBy, SeenBySelect } from './seen-by.tsx'

const kinds = ['note', 'call', 'visit', 'touch', 'task'] as const
type Kind = (typeof kinds)[number]

interface Entering {
  readonly kind: Kind
  readonly text: string
  readonly direction: 'in' | 'out'
  readonly minutes: number | undefined
  readonly outcome: string
  readonly seenBy: SeenBy
  readonly due: string
}

const nothing: Entering = {
  ...{ kind: 'note', text: '', direction: 'out', minutes: undefined },
  ...{ outcome: '', seenBy: 'public', due: '' },
}

/** Writes down what just happened, or what is to be done, without leaving the page. */
export function QuickEntry({ party }: { readonly party: Party }) {
  const { t } = useTranslation('person')
  const [entering, setEntering] = useState(nothing)
  const { kind, text } = entering
  const set = (part: Partial<Entering>): void => setEntering({ ...entering, ...part })
  const { make, isBusy } = useChange<Entering, never, z.infer<typeof activity> | z.infer<typeof madeTask>>({
    send: (input) => sendEntry(party.id, input),
    written: 'staying',
    keys: [keys.timeline(party.id), keys.fact(party.id, 'cadence')],
    said: (input) => t(`entered.${input.kind}`),
    onDone: () => setEntering({ ...nothing, kind }),
  })
  const isWhole = text.trim() !== '' || (kind !== 'note' && kind !== 'task')
  return (
    <form
      className="editor not-printed"
      aria-label={t('entry.title')}
      onSubmit={(event) => {
        event.preventDefault()
        if (isWhole) make(entering)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && isWhole && !isBusy) make(entering)
      }}
    >
      <Stack gap="xs">
        <SegmentedControl
          size="xs"
          aria-label={t('entry.kind')}
          data={kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))}
          value={kind}
          onChange={(value) => set({ kind: value as Kind })}
        />
        <What entering={entering} set={set} />
        <Group gap="xs" align="flex-end">
          <Particulars entering={entering} set={set} />
          <Button type="submit" size="xs" ms="auto" loading={isBusy} disabled={!isWhole}>
            {t('entry.write')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface PartProps {
  readonly entering: Entering
  readonly set: (part: Partial<Entering>) => void
}

function What({ entering: { kind, text }, set }: PartProps) {
  const { t } = useTranslation('person')
  return kind === 'task' ? (
    <TextInput
      aria-label={t('entry.task')}
      placeholder={t('entry.task')}
      value={text}
      onChange={(event) => set({ text: event.currentTarget.value })}
    />
  ) : (
    <MentionField
      label={t('entry.text')}
      placeholder={t('entry.how')}
      value={text}
      onChange={(written) => set({ text: written })}
    />
  )
}

function Particulars({ entering, set }: PartProps) {
  const { t } = useTranslation('person')
  const { kind, direction, minutes, outcome, due } = entering
  return (
    <>
      {kind === 'call' && (
        <SegmentedControl
          size="xs"
          aria-label={t('entry.direction')}
          data={(['out', 'in'] as const).map((value) => ({ value, label: t(`directions.${value}`) }))}
          value={direction}
          onChange={(value) => set({ direction: value as 'in' | 'out' })}
        />
      )}
      {(kind === 'call' || kind === 'visit') && (
        <>
          <NumberInput
            size="xs"
            w={96}
            label={t('entry.minutes')}
            min={0}
            max={10_000}
            allowDecimal={false}
            hideControls
            value={minutes ?? ''}
            onChange={(value) => set({ minutes: typeof value === 'number' ? value : undefined })}
          />
          <TextInput
            size="xs"
            label={t('entry.outcome')}
            style={{ flex: '1 1 140px' }}
            value={outcome}
            onChange={(event) => set({ outcome: event.currentTarget.value })}
          />
        </>
      )}
      {kind === 'task' ? (
        <TextInput
          type="date"
          size="xs"
          label={t('entry.due')}
          value={due}
          onChange={(event) => set({ due: event.currentTarget.value })}
        />
      ) : (
        <SeenBySelect value={entering.seenBy} onChange={(seenBy) => set({ seenBy })} />
      )}
    </>
  )
}

function sendEntry(party: number, { kind, text, direction, minutes, outcome, seenBy, due }: Entering) {
  if (kind === 'task') {
    const body = { summary: text.trim(), ...(due !== '' && { due }) }
    return send<z.infer<typeof madeTask>>('POST', `/parties/${party}/tasks`, { body })
  }
  const body = {
    ...{ kind, parties: [party], html: htmlOf(text) },
    ...audienceOf(seenBy),
    ...(kind === 'call' && { direction }),
    ...((kind === 'call' || kind === 'visit') && {
      ...(minutes !== undefined && { minutes }),
      ...(outcome.trim() !== '' && { outcome: outcome.trim() }),
    }),
  }
  return send<z.infer<typeof activity>>('POST', '/activities', { body })
}
