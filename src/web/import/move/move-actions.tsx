import { Alert, Button, Group, PasswordInput, Stack } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../ui/dialog/dialog.tsx'
import { type Migration, useAct, useGoOn, useReason } from './moves.ts'

/** Pausing, going on, stopping and undoing. */
export function MoveActions({ row }: { readonly row: Migration }) {
  const { t } = useTranslation('import')
  const act = useAct(row.id)
  if (row.state === 'undone' || row.state === 'undoing') return null
  const isBusy = act.isPending
  return (
    <Group>
      {row.isActive ? (
        <Button
          leftSection={<IconPlayerPause size={16} />}
          onClick={() => act.mutate('pause')}
          disabled={isBusy}
        >
          {t('moving.pause')}
        </Button>
      ) : (
        <GoOn row={row} />
      )}
      {(row.isActive || row.isPaused) && (
        <Button variant="default" onClick={() => act.mutate('stop')} disabled={isBusy}>
          {t('stop')}
        </Button>
      )}
      {!row.isActive && (
        <Button variant="default" onClick={() => act.mutate('undo')} disabled={isBusy}>
          {t('undo')}
        </Button>
      )}
    </Group>
  )
}

/** Goes on where it was, or looks again what has changed there; asks for the password where that is forgotten. */
function GoOn({ row }: { readonly row: Migration }) {
  const { t } = useTranslation('import')
  const [isAsking, setIsAsking] = useState(false)
  const [password, setPassword] = useState('')
  const done = (): void => {
    setIsAsking(false)
    setPassword('')
  }
  const goOn = useGoOn(row.id, done)
  const reasonOf = useReason()
  const label = t(row.state === 'running' ? 'moving.goOn' : 'moving.lookAgain')
  const failed = goOn.error && (
    <Alert color="red" role="alert">
      {reasonOf(goOn.error, row.url)}
    </Alert>
  )
  return (
    <>
      <Button
        variant={row.state === 'running' ? 'filled' : 'default'}
        leftSection={<IconPlayerPlay size={16} />}
        loading={goOn.isPending}
        onClick={() => (row.needsPassword ? setIsAsking(true) : goOn.mutate(undefined))}
      >
        {label}
      </Button>
      {!isAsking && failed}
      {isAsking && (
        <Dialog onClose={() => setIsAsking(false)} title={label} centered>
          <form
            onSubmit={(event) => {
              event.preventDefault()
              goOn.mutate(password)
            }}
          >
            <Stack>
              <PasswordInput
                label={t('password')}
                description={t('passwordWhy')}
                required
                autoComplete="off"
                data-autofocus
                visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
                value={password}
                onChange={({ currentTarget }) => setPassword(currentTarget.value)}
              />
              {failed}
              <Button type="submit" loading={goOn.isPending}>
                {label}
              </Button>
            </Stack>
          </form>
        </Dialog>
      )}
    </>
  )
}
