import { Alert, Button, PasswordInput, Stack, Title } from '@mantine/core'
import { type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { useRefusedFields } from '../../refusals/at-field.tsx'
import { useSession } from '../../session/session.ts'

const fields = [
  { name: 'current', autoComplete: 'current-password' },
  { name: 'password', autoComplete: 'new-password' },
  { name: 'again', autoComplete: 'new-password' },
] as const

/** Another password for the account: all other browsers are signed out, and devices keep their own. */
export function PasswordForm() {
  const { t } = useTranslation('account')
  const { data } = useSession()
  const form = useRef<HTMLFormElement>(null)
  const [isUnlike, setIsUnlike] = useState(false)
  const { errorAt, forget, refused } = useRefusedFields(['current', 'password'])
  const change = useChange<{ current: string; password: string }>({
    send: (body) => send('PUT', '/account/password', { body }),
    written: 'staying',
    keys: [['sessions']],
    isUndoable: false,
    refused,
    said: () => t('password.done'),
    onDone: () => form.current?.reset(),
  })
  const submit = (given: FormData): void => {
    const [current = '', password = '', again] = fields.map(({ name }) => String(given.get(name)))
    setIsUnlike(password !== again)
    forget()
    if (password === again) change.make({ current, password })
  }
  return (
    <form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault()
        submit(new FormData(event.currentTarget))
      }}
    >
      <Stack maw={380}>
        <Title order={3} size="h4">
          {t('password.title')}
        </Title>
        {isUnlike && (
          <Alert color="red" role="alert">
            {t('password.unlike')}
          </Alert>
        )}
        <input
          type="text"
          name="username"
          autoComplete="username"
          defaultValue={data?.account.name ?? ''}
          hidden
        />
        <Fields errorAt={errorAt} />
        <Button type="submit" loading={change.isBusy} w="fit-content">
          {t('password.change')}
        </Button>
      </Stack>
    </form>
  )
}

function Fields({ errorAt }: { readonly errorAt: (field: string) => ReactNode }) {
  const { t } = useTranslation('account')
  return fields.map(({ name, autoComplete }) => (
    <PasswordInput
      key={name}
      name={name}
      label={t(`password.${name}`)}
      autoComplete={autoComplete}
      error={errorAt(name)}
      {...(name === 'password' && { description: t('password.rule'), minLength: 8 })}
      required
      withAsterisk={false}
      visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
    />
  ))
}
