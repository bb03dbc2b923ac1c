import { Button, Group, NumberInput, Stack, Switch, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { send } from '../../client/api.ts'
import { type Conflict, useChange } from '../../client/change.ts'
import { useSession } from '../../session/session.ts'
import { HistoryButton } from '../../things/history-button.tsx'
import { ConflictDialog } from '../../ui/conflict.tsx'
import { useSizes } from '../../ui/sizes.ts'
import type { Account } from '../admin.ts'
import { EditedDialog, endedBy, useOpened, useSaving } from '../edited.tsx'
import { Delegates } from '../people/delegates.tsx'
import type { LinkFor } from './link-shown.tsx'
import { RemoveAccount } from './remove-account.tsx'

const giga = 1000 ** 3

interface EditAccountProps {
  readonly account: Account
  readonly onClose: () => void
  readonly onLink: (link: LinkFor) => void
}

/** One account: what it is called and may, its lock, a link for its password, and its end. */
export function EditAccount({ account: { name, displayName }, onClose, onLink }: EditAccountProps) {
  const { t } = useTranslation('admin')
  const path = `/accounts/${encodeURIComponent(name)}`
  const link = useChange<undefined, unknown, Omit<LinkFor, 'name'>>({
    send: () => send('POST', '/password-links', { body: { name } }),
    onDone: ({ data: made }) => {
      onClose()
      onLink({ name: displayName, ...made })
    },
  })
  return (
    <EditedDialog<Account> path={path} titleOf={() => displayName} onClose={onClose}>
      {({ data: account, etag }) => (
        <Stack>
          <Fields {...{ account, etag, path, onClose }} />
          <Delegates of={name} />
          <Group>
            <Button variant="default" onClick={() => link.make(undefined)} loading={link.isBusy}>
              {t('link.make')}
            </Button>
            <HistoryButton thing={{ kind: 'account', path, name: displayName }} />
            <RemoveAccount name={name} displayName={displayName} onRemoved={onClose} />
          </Group>
        </Stack>
      )}
    </EditedDialog>
  )
}

interface FieldsProps {
  readonly account: Account
  readonly etag: string | undefined
  readonly path: string
  readonly onClose: () => void
}

type Wish = Partial<Pick<Account, 'displayName' | 'email' | 'isAdmin' | 'isLocked' | 'limitBytes'>>

function Fields({ account: now, etag: newest, path, onClose }: FieldsProps) {
  const { seen: account, etag, nth, touch } = useOpened(now, newest, (one) => names.map((name) => one[name]))
  const { t } = useTranslation('admin')
  const isOwn = useSession().data?.account.name === account.name
  const change = useSaving<Wish, Account>({ path, etag }, { onDone: onClose, written: 'leaving' })
  const submit = (form: FormData): void => {
    const wish = wishIn(form, account, isOwn)
    if (Object.keys(wish).length === 0) onClose()
    else change.make(wish)
  }
  return (
    <form
      key={nth}
      onChange={touch}
      onSubmit={(event) => {
        event.preventDefault()
        submit(new FormData(event.currentTarget))
      }}
    >
      <Stack>
        <TextInput
          name="displayName"
          label={t('name')}
          defaultValue={account.displayName}
          required
          withAsterisk={false}
        />
        <TextInput name="email" type="email" label={t('mail')} defaultValue={account.email ?? ''} />
        <NumberInput
          name="limit"
          label={t('accounts.limit')}
          description={t('accounts.limitWhy')}
          defaultValue={account.limitBytes === null ? '' : account.limitBytes / giga}
          min={0}
          decimalScale={2}
          hideControls
        />
        <Switch name="isAdmin" label={t('accounts.mayRun')} defaultChecked={account.isAdmin} />
        <Switch
          name="isLocked"
          label={t('accounts.lock')}
          description={t('accounts.lockWhy')}
          defaultChecked={account.isLocked}
          disabled={isOwn}
        />
        <Button type="submit" ms="auto" w="fit-content">
          {t('accounts.save')}
        </Button>
      </Stack>
      <AccountConflict conflict={endedBy(change.conflict, onClose)} />
    </form>
  )
}

/** What somebody else made of an account meanwhile, beside each thing that would be written over it. */
function AccountConflict({ conflict }: { readonly conflict: Conflict<Wish, Account> | undefined }) {
  const { t } = useTranslation('admin')
  const sizeOf = useSizes()
  const toldOf = (value: Account[keyof Wish] | undefined): string =>
    typeof value === 'boolean'
      ? value
        ? '✓'
        : '–'
      : typeof value === 'number'
        ? sizeOf(value)
        : value || '–'
  return (
    <ConflictDialog
      conflict={conflict}
      differences={(mine, theirs) =>
        names
          .filter((name) => mine[name] !== undefined)
          .map((name) => ({
            label: t(labels[name]),
            mine: toldOf(mine[name]),
            theirs: toldOf(theirs[name]),
          }))
      }
    />
  )
}

const labels = {
  ...{ displayName: 'name', email: 'mail', limitBytes: 'accounts.limit' },
  ...{ isAdmin: 'accounts.mayRun', isLocked: 'accounts.lock' },
} as const
const names = Object.keys(labels) as (keyof typeof labels)[]

/**
 * What the form says otherwise than what was opened, and nothing else: what somebody else changed meanwhile stays. Nobody locks
 * himself, and a quota that is not touched stays to the octet.
 */
function wishIn(form: FormData, account: Account, isOwn: boolean): Wish {
  const said = saidBy(form, account, isOwn)
  return Object.fromEntries(
    names.filter((name) => said[name] !== account[name]).map((name) => [name, said[name]]),
  )
}

function saidBy(form: FormData, { limitBytes: kept }: Account, isOwn: boolean): Required<Wish> {
  const limit = String(form.get('limit')).replace(/[^\d.]/g, '')
  const isKept = kept !== null && Number(limit) === Number((kept / giga).toFixed(2))
  const email = String(form.get('email')).trim()
  return {
    displayName: String(form.get('displayName')),
    email: email === '' ? null : email,
    isAdmin: form.get('isAdmin') === 'on',
    isLocked: !isOwn && form.get('isLocked') === 'on',
    limitBytes: limit === '' ? null : isKept ? kept : Math.round(Number(limit) * giga),
  }
}
