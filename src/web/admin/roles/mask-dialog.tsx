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
  const { data, error, refetch } = useQuery({
    queryKey: ['admin', path],
    enabled: name !== '',
    queryFn: ({ signal }) => read<Mask>(path, signal),
    staleTime: 0,
  })
  return (
    <Dialog onClose={onClose} title={name === '' ? t('masks.add') : name}>
      {error && <Failed error={error} again={() => void refetch()} />}
      {name !== '' && !data && !error && <Loading />}
      {(name === '' || data) && (
        <Stack gap="lg">
          <MaskForm key={data?.etag} mask={data} onSaved={onMade} />
          {data && <Holders mask={data.data} path={path} />}
          {data && <RemoveButton name={name} path={path} onRemoved={onClose} text={t('masks.removeText')} />}
        </Stack>
      )}
    </Dialog>
  )
}

interface MaskFormProps {
  readonly mask: Tagged<Mask> | undefined
  readonly onSaved: (name: string) => void
}

type Wish = Pick<Mask, 'name' | 'hide' | 'only' | 'books'>

const rulesOf = ({ hide, only }: Pick<Mask, 'hide' | 'only'>) => [{ hide, ...(only && { only }) }]

function useSaving({ mask, onSaved }: MaskFormProps) {
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
    keys: [['admin']],
    said: () => t('saved'),
    onDone: ({ data }) => onSaved(data.name),
  })
}

function MaskForm({ mask, onSaved }: MaskFormProps) {
  const { t } = useTranslation('admin')
  const [hiding, setHiding] = useState<Hiding>(
    mask ? readHiding(rulesOf(mask.data)) : { mode: 'work', hidden: [], kept: [], masks: [] },
  )
  const textOf = useHidingText()
  const change = useSaving({ mask, onSaved })
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
        <HidingField hiding={hiding} onChange={setHiding} />
        <Button type="submit" loading={change.isBusy} disabled={!rules} w="fit-content">
          {mask ? t('accounts.save') : t('people.make')}
        </Button>
      </Stack>
      <ConflictDialog
        conflict={change.conflict}
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
