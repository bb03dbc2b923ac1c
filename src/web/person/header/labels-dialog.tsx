import { Stack, TagsInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { roleList } from '../../../features/facts/schema.ts'
import { get, read, send, type Tagged } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { patchItem } from '../../client/items.ts'
import { useLabels } from '../../contacts/list/sides.ts'
import { ConflictDialog } from '../../ui/conflict.tsx'
import { FailedPart } from '../../ui/states.tsx'
import { EditConflict } from '../card/edit-conflict.tsx'
import type { CardEdit } from '../card/edits.ts'
import { EditingProvider, useEdits } from '../card/use-edits.ts'
import { DialogButtons, DialogFrame } from '../dialog.tsx'
import { type Card, keys, type Party } from '../person.ts'
import type { DialogProps } from './person-menu.tsx'
import { useRoleWord } from './roles.ts'

/** What is suggested belongs to the dialog; so much at once, and what is typed narrows it. */
const offering = { comboboxProps: { withinPortal: false }, limit: 100, openOnFocus: false } as const

interface Sorting {
  readonly roles?: readonly string[]
  readonly owner?: string | null
}

/** What somebody is to the house: labels that phones see too, roles, and who looks after him. */
export function LabelsDialog({ party, etag, cards, onClose }: DialogProps) {
  const { t } = useTranslation('person')
  const roleWord = useRoleWord()
  const before = [...new Set(cards.flatMap(({ details }) => details.categories))]
  const [labels, setLabels] = useState<string[]>(before)
  const [roles, setRoles] = useState<string[]>(party.roles.map(roleWord))
  const [owner, setOwner] = useState(party.owner?.name ?? '')
  const known = useKnown()
  const { send, editing, conflict, there } = useBoth({ party, etag, onClose })
  const save = (): void => {
    const chosen = roles.map((role) => known.roles.find((one) => roleWord(one) === role) ?? role)
    const change: Sorting = {
      ...(chosen.join('\n') !== there.roles.join('\n') && { roles: chosen }),
      ...(owner.trim() !== (there.owner?.name ?? '') && { owner: owner.trim() === '' ? null : owner.trim() }),
    }
    send(labelEdits(before, labels, cards, editing.nowOf), change)
  }
  return (
    <DialogFrame title={t('menu.labels')} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <Stack>
          <FailedPart of={known.asked} />
          <TagsInput
            {...offering}
            label={t('labels')}
            data={known.labels}
            value={labels}
            onChange={setLabels}
            data-autofocus
          />
          <TagsInput
            {...offering}
            label={t('rolesOf')}
            data={known.roles.map(roleWord)}
            value={roles}
            onChange={setRoles}
          />
          <TextInput
            label={t('owner')}
            description={t('ownerWhy')}
            value={owner}
            autoComplete="off"
            onChange={(event) => setOwner(event.currentTarget.value)}
          />
          <DialogButtons onCancel={onClose} />
        </Stack>
      </form>
      <EditingProvider value={editing}>
        <EditConflict />
      </EditingProvider>
      <SortingConflict {...{ party: there, conflict }} />
    </DialogFrame>
  )
}

/** Labels are on the cards, the rest beside them: the dialog is done when both are, and sends again what was refused of them. */
function useBoth({ party, etag, onClose }: Pick<DialogProps, 'party' | 'etag' | 'onClose'>) {
  const { t } = useTranslation('person')
  const left = useRef(new Set<'labels' | 'roles'>())
  const [there, setThere] = useState({ party, etag })
  const doneWith = (part: 'labels' | 'roles'): void => {
    left.current.delete(part)
    if (left.current.size === 0) onClose()
  }
  const editing = useEdits(party.id, () => doneWith('labels'))
  const { make: sort, conflict } = useSorting(there.party, there.etag, (answer) => {
    setThere({ party: answer.data, etag: answer.etag })
    doneWith('roles')
  })
  const send = (steps: ReturnType<typeof labelEdits>, change: Sorting): void => {
    const hasChange = Object.keys(change).length > 0
    left.current = new Set([
      ...(steps.length > 0 ? (['labels'] as const) : []),
      ...(hasChange ? (['roles'] as const) : []),
    ])
    if (left.current.size === 0) onClose()
    if (steps.length > 0) editing.make({ steps, said: t('saved') })
    if (hasChange) sort(change)
  }
  return { send, editing, conflict, there: there.party }
}

function useSorting(party: Party, etag: string | undefined, onDone: (answer: Tagged<Party>) => void) {
  const { t } = useTranslation('person')
  return useChange<Sorting, Party, Party>({
    send: (body, tag) => send('PATCH', `/parties/${party.id}`, { body, etag: tag }),
    etag,
    written: 'leaving',
    theirs: () => read<Party>(`/parties/${party.id}`),
    patches: ({ roles, owner }) => [
      patchItem<Party>(keys.party(party.id), party.id, {
        ...(roles && { roles: [...roles] }),
        // What somebody is called the server says.
        ...(owner === null && { owner }),
      }),
    ],
    keys: [keys.party(party.id), ['parties']],
    said: () => t('saved'),
    onDone,
  })
}

interface SortingConflictProps {
  readonly party: Party
  readonly conflict: ReturnType<typeof useSorting>['conflict']
}

function SortingConflict({ party, conflict }: SortingConflictProps) {
  const { t } = useTranslation('person')
  const roleWord = useRoleWord()
  return (
    <ConflictDialog
      conflict={conflict}
      differences={(mine, theirs) => [
        {
          label: t('rolesOf'),
          mine: (mine.roles ?? party.roles).map(roleWord).join(', '),
          theirs: theirs.roles.map(roleWord).join(', '),
        },
        {
          label: t('owner'),
          mine: mine.owner === undefined ? (party.owner?.name ?? '') : (mine.owner ?? ''),
          theirs: theirs.owner?.name ?? '',
        },
      ]}
    />
  )
}

/** On each card what was added, and not what was taken away; what else it has stays, and what is as wanted by now. */
function labelEdits(
  before: readonly string[],
  after: readonly string[],
  cards: DialogProps['cards'],
  nowOf: (card: Card) => Card,
) {
  const added = after.filter((label) => !before.includes(label))
  return cards
    .filter(({ rights }) => rights.edit)
    .flatMap((card) => {
      const kept = card.details.categories.filter((label) => after.includes(label))
      const values = [...kept, ...added]
      if (values.join('\n') === nowOf(card).details.categories.join('\n')) return []
      return [{ card, edits: [{ op: 'categories', values } satisfies CardEdit] }]
    })
}

/** The labels and roles that there are, to choose from. */
function useKnown() {
  const labels = useLabels()
  const roles = useQuery({
    queryKey: ['parties', 'roles'],
    queryFn: ({ signal }) => get<z.infer<typeof roleList>>('/party-roles', signal),
  })
  return {
    labels: labels.data?.map(({ name }) => name) ?? [],
    roles: roles.data?.roles.map(({ role }) => role) ?? [],
    asked: [labels, roles],
  }
}
