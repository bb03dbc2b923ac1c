import { Alert, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused } from '../ui/toast.tsx'
import { Door } from './door.tsx'
import { signIn } from './session.ts'

/** Where somebody signs in. */
export function SignInPage() {
  const { t } = useTranslation('session')
  const [fault, setFault] = useState<unknown>()
  const [isBusy, setIsBusy] = useState(false)
  const submit = async (form: FormData): Promise<void> => {
    setIsBusy(true)
    setFault(undefined)
    try {
      await signIn(String(form.get('name')), String(form.get('password')))
    } catch (error) {
      setFault(error)
      setIsBusy(false)
    }
  }
  return (
    <Door title={t('title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit(new FormData(event.currentTarget))
        }}
      >
        <Stack>
          {fault !== undefined && (
            <Alert color="red" role="alert">
              <Refused error={fault} />
            </Alert>
          )}
          <TextInput
            name="name"
            label={t('name')}
            autoComplete="username"
            required
            withAsterisk={false}
            autoFocus
          />
          <PasswordInput
            name="password"
            label={t('password')}
            autoComplete="current-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
          />
          <Button type="submit" loading={isBusy}>
            {t('signIn')}
          </Button>
          <Text size="sm" c="dimmed">
            {t('forgotten')}
          </Text>
        </Stack>
      </form>
    </Door>
  )
}
