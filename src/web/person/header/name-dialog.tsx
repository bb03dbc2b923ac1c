import { SegmentedControl, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CardEdit } from '../card/edits.ts'
import type { Details } from '../card/merged.ts'
import { useEditing } from '../card/use-edits.ts'
import { DialogButtons, DialogFrame } from '../dialog.tsx'
import type { DialogProps } from './person-menu.tsx'

const parts = ['prefix', 'given', 'additional', 'family', 'family2', 'suffix', 'generation'] as const
type Part = (typeof parts)[number]

/** What somebody is called, by the parts of the name, or as a whole. */
export function NameDialog({ cards, onClose }: DialogProps) {
  const { t } = useTranslation('person')
  const { make } = useEditing()
  const details = cards[0]?.details
  const [name, setName] = useState(details?.name)
  const [fn, setFn] = useState(details?.fn ?? '')
  const [kind, setKind] = useState<Details['kind']>(details?.kind ?? 'individual')
  if (!details || !name) return null
  const edits = editsOf(details, { name, fn, kind })
  const save = (): void => {
    onClose()
    const mine = cards.filter(({ rights }) => rights.edit)
    if (edits.length > 0) make({ steps: mine.map((card) => ({ card, edits })), said: t('saved') })
  }
  const shown = parts.filter((part) =>
    part !== 'family2' && part !== 'generation' ? true : details.name[part] !== '',
  )
  return (
    <DialogFrame title={t('menu.name')} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <Stack>
          <SegmentedControl
            aria-label={t('kind')}
            data={(['individual', 'org'] as const).map((value) => ({
              value,
              label: t(`cardKinds.${value}`),
            }))}
            value={kind}
            onChange={(value) => setKind(value as Details['kind'])}
          />
          {kind === 'individual' &&
            shown.map((part: Part) => (
              <TextInput
                key={part}
                label={t(`nameParts.${part}`)}
                value={name[part]}
                autoComplete="off"
                {...(part === 'given' && { 'data-autofocus': true })}
                onChange={(event) => setName({ ...name, [part]: event.currentTarget.value })}
              />
            ))}
          <TextInput
            label={t('shownName')}
            description={kind === 'individual' ? t('shownNameWhy') : undefined}
            value={fn}
            autoComplete="off"
            onChange={(event) => setFn(event.currentTarget.value)}
          />
          <DialogButtons onCancel={onClose} />
        </Stack>
      </form>
    </DialogFrame>
  )
}

/** What is to be changed: nothing that is as it was. */
function editsOf(details: Details, { name, fn, kind }: Pick<Details, 'name' | 'fn' | 'kind'>): CardEdit[] {
  const edits: CardEdit[] = []
  const changed = parts.filter((part) => name[part] !== details.name[part])
  if (changed.length > 0)
    edits.push({ op: 'name', parts: Object.fromEntries(changed.map((part) => [part, name[part].trim()])) })
  if (fn !== details.fn && fn.trim() !== '') edits.push({ op: 'text', property: 'fn', value: fn.trim() })
  if (kind !== details.kind && kind !== 'group') edits.push({ op: 'kind', kind })
  return edits
}
