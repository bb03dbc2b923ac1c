import { Alert, Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Refused } from '../ui/toast.tsx'
import { Door } from './door.tsx'
import { choosePassword } from './session.ts'

/**
 * Where a link leads by which somebody chooses a new password: its secret, and whose it is, stand behind the `#`, which no
 * server sees.
 */
export function PasswordPage() {
  const { t } = useTranslation('session')
  const [secret = '', name] = window.location.hash.slice(1).split('/')
  const [outcome, setOutcome] = useState<{ readonly isSet: boolean; readonly error?: unknown }>()
  const submit = async (password: string): Promise<void> => {
    try {
      await choosePassword(secret, password)
      setOutcome({ isSet: true })
    } catch (error) {
      setOutcome({ isSet: false, error })
    }
  }
  return (
    <Door title={t('newPassword')}>
      {outcome && (
        <Alert color={outcome.isSet ? 'green' : 'red'} role={outcome.isSet ? 'status' : 'alert'}>
          {outcome.isSet ? t('passwordSet') : <Refused error={outcome.error} />}
        </Alert>
      )}
      {outcome?.isSet ? (
        <Anchor component={Link} href="/">
          {t('signIn')}
        </Anchor>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void submit(String(new FormData(event.currentTarget).get('password')))
          }}
        >
          <Stack>
            {name !== undefined && (
              <TextInput
                label={t('name')}
                description={t('nameWhy')}
                value={new URLSearchParams(`name=${name}`).get('name') ?? ''}
                autoComplete="username"
                readOnly
              />
            )}
            <PasswordInput
              name="password"
              label={t('password')}
              description={t('passwordRule')}
              minLength={8}
              autoComplete="new-password"
              required
              withAsterisk={false}
              visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
              autoFocus
            />
            <Button type="submit">{t('setPassword')}</Button>
          </Stack>
        </form>
      )}
    </Door>
  )
}
