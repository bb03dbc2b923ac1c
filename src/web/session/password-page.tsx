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
  const { name, outcome, choose } = useChoosing()
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
        <PasswordForm name={name} onChoose={(password) => void choose(password)} />
      )}
    </Door>
  )
}

interface Outcome {
  readonly isSet: boolean
  readonly error?: unknown
}

/** Chooses a password by the link, and goes in with it. */
function useChoosing() {
  const [, go] = useLocation()
  const { data: signedIn } = useSession()
  const [outcome, setOutcome] = useState<Outcome>()
  const [secret = '', rest] = window.location.hash.slice(1).split('/')
  const name = rest === undefined ? undefined : (new URLSearchParams(`name=${rest}`).get('name') ?? '')
  const choose = async (password: string): Promise<void> => {
    try {
      await choosePassword(secret, password)
    } catch (error) {
      return setOutcome({ isSet: false, error })
    }
    if (name === undefined || signedIn !== null) return setOutcome({ isSet: true })
    try {
      await signIn(name, password)
      go('/', { replace: true })
    } catch {
      setOutcome({ isSet: true })
    }
  }
  return { name, outcome, choose }
}

interface PasswordFormProps {
  /** Whose password it is. */
  readonly name: string | undefined
  readonly onChoose: (password: string) => void
}

function PasswordForm({ name, onChoose }: PasswordFormProps) {
  const { t } = useTranslation('session')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onChoose(String(new FormData(event.currentTarget).get('password')))
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
  )
}
