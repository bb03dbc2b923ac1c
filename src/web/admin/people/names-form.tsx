import { Button, Group, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { changedAt } from '../admin.ts'

interface NamesFormProps {
  /** Where it is changed. */
  readonly path: string
  readonly displayName: string
  readonly email: string | null
}

/** What a group, a room or a resource is called, and its mail address. */
export function NamesForm({ path, displayName, email }: NamesFormProps) {
  const { t } = useTranslation('admin')
  const change = useChange<{ readonly displayName: string; readonly email: string | null }>({
    send: (body) => send('PATCH', path, { body }),
    patches: (wish) => changedAt(path, wish),
    keys: [['admin']],
    back: () => () => send('PATCH', path, { body: { displayName, email } }),
    said: () => t('saved'),
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        const form = new FormData(event.currentTarget)
        const mail = String(form.get('email')).trim()
        change.make({ displayName: String(form.get('displayName')), email: mail === '' ? null : mail })
      }}
    >
      <Group align="flex-end">
        <TextInput
          name="displayName"
          label={t('name')}
          defaultValue={displayName}
          required
          withAsterisk={false}
          flex="1 1 160px"
        />
        <TextInput name="email" type="email" label={t('mail')} defaultValue={email ?? ''} flex="1 1 180px" />
        <Button type="submit" variant="default" loading={change.isBusy}>
          {t('accounts.save')}
        </Button>
      </Group>
    </form>
  )
}
