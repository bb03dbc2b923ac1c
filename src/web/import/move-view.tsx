import { Button, Checkbox, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { migrationList, migrationState, newMigration } from '../../features/migration/api/schema.ts'
import { get, send } from '../client/api.ts'
import { queryClient } from '../client/query.ts'
import { Failed, Loading } from '../ui/states.tsx'
import { tellFailed } from '../ui/toast.tsx'
import { MoveReport } from './parts/move-report.tsx'

type Wish = z.input<typeof newMigration>
const pollMs = 1_500

/** Moving in from another server: everything is copied, compared, and can be undone as a whole. */
export function MoveView() {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['migrations'],
    queryFn: ({ signal }) => get<z.infer<typeof migrationList>>('/migrations', signal),
    refetchInterval: ({ state }) =>
      state.data?.migrations.some(({ isActive, state: now }) => isActive || now === 'undoing')
        ? pollMs
        : false,
  })
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  return (
    <Stack gap="xl">
      <MoveForm />
      {data.migrations.map((row) => (
        <MoveReport key={row.id} row={row} />
      ))}
    </Stack>
  )
}

function MoveForm() {
  const { t } = useTranslation('import')
  const [url, setUrl] = useState('https://')
  const [user, setUser] = useState('')
  const [password, setPassword] = useState('')
  const [follow, setFollow] = useState(false)
  const start = useMutation({
    mutationFn: (body: Wish) => send<z.infer<typeof migrationState>>('POST', '/migrations', { body }),
    onSuccess: () => setPassword(''),
    onError: tellFailed,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['migrations'] }),
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        start.mutate({ url, user, password, follow })
      }}
    >
      <Stack maw={480}>
        <Text size="sm">{t('moveWhy')}</Text>
        <TextInput
          label={t('address')}
          type="url"
          required
          value={url}
          onChange={({ currentTarget }) => setUrl(currentTarget.value)}
        />
        <TextInput
          label={t('user')}
          required
          autoComplete="off"
          value={user}
          onChange={({ currentTarget }) => setUser(currentTarget.value)}
        />
        <PasswordInput
          label={t('password')}
          description={t('passwordWhy')}
          required
          autoComplete="off"
          visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
          value={password}
          onChange={({ currentTarget }) => setPassword(currentTarget.value)}
        />
        <Checkbox
          label={t('follow')}
          description={t('followWhy')}
          checked={follow}
          onChange={({ currentTarget }) => setFollow(currentTarget.checked)}
        />
        <Group>
          <Button type="submit" loading={start.isPending}>
            {t('start')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
