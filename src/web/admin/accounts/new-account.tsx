import { Button, Stack, Switch, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { madeAccount } from '../../../features/accounts/admin-schema.ts'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { useRefusedFields } from '../../refusals/at-field.tsx'
import { Dialog } from '../../ui/dialog/dialog.tsx'
import { DialogEnd } from '../../ui/dialog/dialog-end.tsx'
import type { LinkFor } from './link-shown.tsx'

type Made = z.infer<typeof madeAccount>

interface NewAccountProps {
  readonly onClose: () => void
  readonly onMade: (link: LinkFor) => void
}

/** A new account, whose person chooses the password. */
export function NewAccount({ onClose, onMade }: NewAccountProps) {
  const { t } = useTranslation('admin')
  const { errorAt, forget, refused } = useRefusedFields(['name', 'displayName', 'email'])
  const make = useChange<object, unknown, Made>({
    send: (body) => send('POST', '/accounts', { body }),
    written: 'staying',
    keys: [['admin']],
    refused,
    onDone: ({ data: { account, passwordLink } }) => {
      onClose()
      onMade({ name: account.displayName, ...passwordLink })
    },
  })
  const submit = (form: FormData): void => {
    const texts = ['name', 'displayName', 'email'].map((key) => [key, String(form.get(key)).trim()] as const)
    const given = Object.fromEntries(texts.filter(([, text]) => text !== ''))
    forget()
    make.make({ ...given, isAdmin: form.get('isAdmin') === 'on' })
  }
  return (
    <Dialog onClose={onClose} title={t('accounts.add')}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit(new FormData(event.currentTarget))
        }}
      >
        <Stack>
          <TextInput
            name="name"
            label={t('accounts.userName')}
            description={t('accounts.userNameWhy')}
            error={errorAt('name')}
            required
            withAsterisk={false}
            data-autofocus
          />
          <TextInput name="displayName" label={t('name')} error={errorAt('displayName')} />
          <TextInput name="email" type="email" label={t('mail')} error={errorAt('email')} />
          <Switch name="isAdmin" label={t('accounts.mayRun')} />
          <DialogEnd onClose={onClose}>
            <Button type="submit" loading={make.isBusy}>
              {t('accounts.make')}
            </Button>
          </DialogEnd>
        </Stack>
      </form>
    </Dialog>
  )
}
