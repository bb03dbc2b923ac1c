import { Button, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get, read, send, type Tagged } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { type Hiding, masksOf, readHiding } from '../../sharing/hiding.ts'
import { HidingField, useHidingText } from '../../sharing/hiding-field.tsx'
import { ConflictDialog } from '../../ui/conflict.tsx'
import { Dialog } from '../../ui/dialog/dialog.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { PeopleList } from '../people/people-list.tsx'
import { RemoveButton } from '../remove-button.tsx'
import type { Mask, Roles } from './roles.ts'

interface MaskDialogProps {
  /** Empty for a new one. */
  readonly name: string
  readonly onClose: () => void
  readonly onMade: (name: string) => void
}

/** One mask: what it hides, who holds it by himself, and its end; or a new one. */
export function MaskDialog({ name, onClose, onMade }: MaskDialogProps) {
  const { t } = useTranslation('admin')
  const path = `/masks/${encodeURIComponent(name)}`
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
          {data && (
            <RemoveButton
              name={name}
              path={path}
              onRemoved={onClose}
              text={t('masks.removeText')}
              back={() => makeAgain(data.data)}
            />
          )}
        </Stack>
      )}
    </Dialog>
  )
}

/** The same mask, for all who had it. */
async function makeAgain({ name, hide, only, books, holders }: Mask): Promise<void> {
  const path = `/masks/${encodeURIComponent(name)}`
  const body = { hide, ...(only && { only }), ...(books && { books }) }
  await send('PUT', path, { body, headers: { 'If-None-Match': '*' } })
  for (const { kind, name: holder } of holders)
    if (kind !== 'role') await send('POST', `${path}/holders`, { body: { name: holder } })
  const held = new Set(holders.filter(({ kind }) => kind === 'role').map((role) => role.name))
  const { roles } = held.size === 0 ? { roles: [] } : await get<Roles>('/team-roles')
  for (const { id, name: role, masks } of roles)
    if (held.has(role)) await send('PATCH', `/team-roles/${id}`, { body: { masks: [...masks, name] } })
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
      return send('PUT', `/masks/${encodeURIComponent(name)}`, { body, etag, headers })
    },
    etag: mask?.etag,
    theirs: () => read<Mask>(`/masks/${encodeURIComponent(mask?.data.name ?? '')}`),
    keys: [['admin']],
    back: (_, { etag }) => {
      if (!mask) return undefined
      const { name, hide, only, books } = mask.data
      const body = { hide, ...(only && { only }), ...(books && { books }) }
      return () => send('PUT', `/masks/${encodeURIComponent(name)}`, { body, etag })
    },
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
      add={({ name }) => send('POST', `${path}/holders`, { body: { name } })}
      remove={({ name }) => send('DELETE', `${path}/holders/${encodeURIComponent(name)}`)}
    />
  )
}
