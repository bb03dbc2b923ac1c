import { Button, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { read, send, type Tagged } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { type Hiding, masksOf, readHiding } from '../../sharing/hiding.ts'
import { HidingField, useHidingText } from '../../sharing/hiding-field.tsx'
import { ConflictDialog } from '../../ui/conflict.tsx'
import { Dialog } from '../../ui/dialog/dialog.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { changedAt } from '../admin.ts'
import { endedBy, useOpened } from '../edited.tsx'
import { PeopleList } from '../people/people-list.tsx'
import { RemoveButton } from '../remove-button.tsx'
import { type Mask, pathOfMask } from './roles.ts'

interface MaskDialogProps {
  /** Empty for a new one. */
  readonly name: string
  readonly onClose: () => void
  readonly onMade: (name: string) => void
}

/** One mask: what it hides, who holds it by himself, and its end; or a new one. */
export function MaskDialog({ name, onClose, onMade }: MaskDialogProps) {
  const { t } = useTranslation('admin')
  const path = pathOfMask(name)
  const { data, error, isFetchedAfterMount, refetch } = useQuery({
    queryKey: ['admin', path],
    enabled: name !== '',
    queryFn: ({ signal }) => read<Mask>(path, signal),
    staleTime: 0,
  })
  return (
    <Dialog onClose={onClose} title={name === '' ? t('masks.add') : name}>
      {error && <Failed error={error} again={() => void refetch()} />}
      {name !== '' && !isFetchedAfterMount && <Loading />}
      {(name === '' || (data && isFetchedAfterMount)) && (
        <Stack gap="lg">
          <Opened now={data} onSaved={onMade} />
          {data && <Holders mask={data.data} path={path} />}
          {data && <RemoveButton name={name} path={path} onRemoved={onClose} text={t('masks.removeText')} />}
        </Stack>
      )}
    </Dialog>
  )
}

interface OpenedProps {
  /** Undefined for a new one. */
  readonly now: Tagged<Mask> | undefined
  readonly onSaved: (name: string) => void
}

/** As it was when it was opened. */
type Before = Pick<Tagged<Mask>, 'data' | 'etag'> | undefined

type Wish = Pick<Mask, 'name' | 'hide' | 'only' | 'books'>

const rulesOf = ({ hide, only }: Pick<Mask, 'hide' | 'only'>) => [{ hide, ...(only && { only }) }]

function useSaving(mask: Before, onDone: (saved: Tagged<Mask>) => void) {
  const { t } = useTranslation('admin')
  return useChange<Wish, Mask, Mask>({
    send: ({ name, ...body }, etag) => {
      // A new one never takes the place of one that is there.
      const headers = etag === undefined ? { 'If-None-Match': '*' } : {}
      return send('PUT', pathOfMask(name), { body, etag, headers })
    },
    etag: mask?.etag,
    theirs: () => read<Mask>(pathOfMask(mask?.data.name ?? '')),
    patches: (wish) => (mask ? changedAt(pathOfMask(wish.name), wish) : []),
    written: 'staying',
    keys: [['admin']],
    said: () => t('saved'),
    onDone,
  })
}

function Opened({ now, onSaved }: OpenedProps) {
  const opened = useOpened(now?.data, now?.etag, (one) => one && [one.hide, one.only, one.books])
  const { seen, etag, nth, goOn, touch } = opened
  return (
    <MaskForm
      key={nth}
      mask={seen && { data: seen, etag }}
      onTouch={touch}
      onTheirs={(theirs) => goOn(theirs, true)}
      onSaved={(saved) => {
        goOn(saved)
        onSaved(saved.data.name)
      }}
    />
  )
}

interface MaskFormProps {
  readonly mask: Before
  /** Told when it says something else. */
  readonly onTouch: () => void
  /** Told when what somebody else has said is kept. */
  readonly onTheirs: (theirs: Tagged<Mask>) => void
  readonly onSaved: (saved: Tagged<Mask>) => void
}

function MaskForm({ mask, onTouch, onTheirs, onSaved }: MaskFormProps) {
  const { t } = useTranslation('admin')
  const [hiding, setHiding] = useState<Hiding>(
    mask ? readHiding(rulesOf(mask.data)) : { mode: 'work', hidden: [], kept: [], masks: [] },
  )
  const textOf = useHidingText()
  const change = useSaving(mask, onSaved)
  const [rules] = masksOf(hiding)
  const submit = (form: FormData): void => {
    if (!rules) return
    const { hide, only } = rules
    const name = mask?.data.name ?? String(form.get('name')).trim()
    const books = mask?.data.books
    change.make({ name, hide: [...hide], ...(only && { only: [...only] }), ...(books && { books }) })
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        submit(new FormData(event.currentTarget))
      }}
    >
      <Stack>
        {!mask && (
          <TextInput
            name="name"
            label={t('name')}
            required
            withAsterisk={false}
            maxLength={100}
            data-autofocus
          />
        )}
        <HidingField
          hiding={hiding}
          onChange={(next) => {
            onTouch()
            setHiding(next)
          }}
        />
        <Button type="submit" loading={change.isBusy} disabled={!rules} ms="auto" w="fit-content">
          {mask ? t('accounts.save') : t('people.make')}
        </Button>
      </Stack>
      <ConflictDialog
        conflict={endedBy(change.conflict, onTheirs)}
        differences={(mine, theirs) => [
          {
            label: t('masks.title'),
            mine: textOf(readHiding(rulesOf(mine))),
            theirs: textOf(readHiding(rulesOf(theirs))),
          },
        ]}
      />
    </form>
  )
}

/** Whoever has it by himself; what a role has is said in the role. */
function Holders({ mask: { holders }, path }: { readonly mask: Mask; readonly path: string }) {
  const { t } = useTranslation('admin')
  const people = holders.flatMap(({ kind, ...person }) => (kind === 'role' ? [] : [{ ...person, kind }]))
  return (
    <PeopleList
      title={t('masks.holders')}
      more={t('masks.give')}
      none={t('masks.byNobody')}
      kinds={['user', 'group']}
      people={people}
      of={[path, 'holders']}
      hasHistory
      add={({ name }) => send('POST', `${path}/holders`, { body: { name } })}
      remove={({ name }) => send('DELETE', `${path}/holders/${encodeURIComponent(name)}`)}
    />
  )
}
