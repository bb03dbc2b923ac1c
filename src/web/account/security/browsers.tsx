import { Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { webSessionList } from '../../../features/sessions/schema.ts'
import { get, send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { signOut } from '../../session/session.ts'
import { confirmed } from '../../ui/confirm.tsx'
import { useDates } from '../../ui/dates.ts'
import { Failed, Loading } from '../../ui/states.tsx'
import { tellFailed } from '../../ui/toast.tsx'
import { programOf } from '../agents.ts'

/** All others first: where that fails, nobody is signed out. */
async function signOutEverywhere(): Promise<void> {
  await send('DELETE', '/sessions')
  await signOut()
}

/** The browsers that are signed in. */
export function Browsers() {
  const { t } = useTranslation('account')
  const { relative } = useDates()
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => get<z.infer<typeof webSessionList>>('/sessions', signal),
  })
  const { askOne, askOthers, askAll, isBusy } = useEnding()
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={3} size="h4">
          {t('browsers')}
        </Title>
        <Group gap="xs">
          {data.sessions.length > 1 && (
            <Button variant="default" onClick={askOthers} loading={isBusy}>
              {t('signOutOthers')}
            </Button>
          )}
          <Button variant="default" onClick={() => void askAll()}>
            {t('signOutAll')}
          </Button>
        </Group>
      </Group>
      {data.sessions.map(({ id, agent, address, lastUsedAt, isThis }) => (
        <Card key={id} withBorder padding="sm">
          <Group justify="space-between" wrap="nowrap">
            <div>
              <Text size="sm" title={agent}>
                {programOf(agent) || '–'}
              </Text>
              <Text size="sm" c="dimmed">
                {t('fromWhen', { address, when: relative(lastUsedAt) })}
              </Text>
            </div>
            {isThis ? (
              <Badge variant="default" tt="none">
                {t('thisBrowser')}
              </Badge>
            ) : (
              <Button
                variant="default"
                size="compact-sm"
                onClick={() => askOne(id, programOf(agent))}
                aria-label={`${t('signOut')}: ${programOf(agent)}, ${address}`}
              >
                {t('signOut')}
              </Button>
            )}
          </Group>
        </Card>
      ))}
    </Stack>
  )
}

/** Whoever used a browser has to sign in again, and no undo does that for them: it is asked before. */
function useEnding() {
  const { t } = useTranslation('account')
  const end = useChange<string>({
    send: (path) => send('DELETE', path),
    // Who can still do something is told as the server has it, and not before.
    keys: [['sessions']],
    isUndoable: false,
    said: () => t('signedOut'),
  })
  const ask = async (act: string, text: string, path: string): Promise<void> => {
    if (await confirmed({ title: `${act}?`, text, act, isDangerous: true })) end.make(path)
  }
  const askAll = async (): Promise<void> => {
    const question = { title: `${t('signOutAll')}?`, text: t('signOutAllText'), act: t('signOutAll') }
    if (await confirmed({ ...question, isDangerous: true })) await signOutEverywhere().catch(tellFailed)
  }
  return {
    askAll,
    askOthers: () => void ask(t('signOutOthers'), t('signOutOthersText'), '/sessions'),
    askOne: (id: string | number, program: string) =>
      void ask(t('signOut'), t('signOutText', { program }), `/sessions/${id}`),
    isBusy: end.isBusy,
  }
}
