import { Alert, Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { Refused } from '../ui/toast.tsx'
import { Door } from './door.tsx'
import { choosePassword, signIn, useSession } from './session.ts'

/**
 * Where a link leads by which somebody chooses a new password: its secret, and whose it is, stand behind the `#`, which no
 * server sees. Where nobody else is signed in, they are signed in with it at once.
 */
export function PasswordPage() {
  const { t } = useTranslation('session')
  const [, go] = useLocation()
  const { data: signedIn } = useSession()
  const [secret = '', rest] = window.location.hash.slice(1).split('/')
  const name = rest === undefined ? undefined : (new URLSearchParams(`name=${rest}`).get('name') ?? '')
  const [outcome, setOutcome] = useState<{ readonly isSet: boolean; readonly error?: unknown }>()
  const submit = async (password: string): Promise<void> => {
    try {
      await choosePassword(secret, password)
    } catch (error) {
      return setOutcome({ isSet: false, error })
    }
    try {
      if (name === undefined || signedIn !== null) return setOutcome({ isSet: true })
      await signIn(name, password)
      go('/', { replace: true })
    } catch {
      setOutcome({ isSet: true })
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
                value={name}
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
