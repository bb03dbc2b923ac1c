import { Anchor, Button, Group, Paper, Stack, Table, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { ApiError, send } from '../../client/api.ts'
import { queryClient } from '../../client/query.ts'
import { undoRequest } from '../../client/undo.ts'
import { confirmed } from '../../ui/confirm.tsx'
import { useDates } from '../../ui/dates.ts'
import { Empty, Failed, Loading } from '../../ui/states.tsx'
import { tellDone, tellFailed } from '../../ui/toast.tsx'
import { reasonOf } from '../sentences.ts'
import { type Differences, type HeldDetail, useHeldDetail } from './held.ts'

/** One edit that was refused: what it says, what applying it changes, and both ways out. */
export function HeldPage({ id }: { readonly id: number }) {
  const { t } = useTranslation('served')
  const { data, error, isPending, refetch } = useHeldDetail(id)
  return (
    <Stack gap="lg">
      <Anchor component={Link} href="/served/held" size="sm" w="fit-content">
        {t('held.all')}
      </Anchor>
      {isPending && <Loading />}
      {error instanceof ApiError && error.status === 404 && <Empty text={t('held.gone')} />}
      {error && !(error instanceof ApiError && error.status === 404) && (
        <Failed error={error} again={() => void refetch()} />
      )}
      {data && !error && <Detail held={data} />}
    </Stack>
  )
}

interface Shown {
  readonly held: HeldDetail
}

function Detail({ held }: Shown) {
  const { t } = useTranslation('served')
  const { time } = useDates()
  const { collection, name, at, device, reason, outcome, differences, storedEtag } = held
  return (
    <Stack gap="md">
      <div style={{ overflowWrap: 'anywhere' }}>
        <Title order={3} size="h4">{`${collection}/${name}`}</Title>
        <Text size="sm" c="dimmed">
          {[time(at), device, reasonOf(t, reason)].filter(Boolean).join(' · ')}
        </Text>
      </div>
      {outcome?.kind === 'conflict' && (
        <Paper withBorder p="md">
          <Text size="sm" fw={600}>
            {t('held.conflict')}
          </Text>
        </Paper>
      )}
      {outcome === undefined && <Text size="sm">{t('held.notYours')}</Text>}
      {storedEtag === null && outcome !== undefined && <Text size="sm">{t('held.nothingThere')}</Text>}
      <Compared
        title={outcome?.kind === 'changes' ? t('held.changes') : t('held.differences')}
        differences={outcome?.kind === 'changes' ? outcome.changes : differences}
      />
      <Actions held={held} />
      <details>
        <summary>{t('held.sent')}</summary>
        <Text component="pre" size="sm" ff="monospace" style={{ overflowX: 'auto' }} tabIndex={0}>
          {held.text}
        </Text>
      </details>
    </Stack>
  )
}

interface ComparedProps {
  readonly title: string
  readonly differences: Differences | undefined
}

function Compared({ title, differences }: ComparedProps) {
  const { t } = useTranslation('served')
  if (differences === undefined) return <Text size="sm">{t('held.tooLong')}</Text>
  if (differences.length === 0) return <Text size="sm">{t('held.same')}</Text>
  return (
    <Stack gap="xs">
      <Title order={4} size="h5">
        {title}
      </Title>
      <Table layout="fixed" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('held.now')}</Table.Th>
            <Table.Th scope="col">{t('held.then')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {differences.map(({ property, stored, held }) => (
            <Table.Tr key={[property, stored, held].join('\n')}>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{stored ?? '–'}</Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{held ?? '–'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  )
}

const readAgain = (): Promise<unknown> => queryClient.invalidateQueries({ queryKey: ['held'] })

/** Applying is a change like any other, of what was looked at and of nothing else; both have a way back. */
function Actions({ held: { id, storedEtag, outcome } }: Shown) {
  const { t } = useTranslation('served')
  const [, go] = useLocation()
  const restore = async (): Promise<void> => {
    await send('POST', `/held/${id}/restore`)
    await readAgain()
  }
  const apply = useMutation({
    mutationFn: (replace: boolean) =>
      send('POST', `/held/${id}/apply`, { body: { ifMatch: storedEtag, replace } }),
    onSuccess: ({ request }) => {
      go('/served/held')
      const undo = async (): Promise<void> => {
        if (request !== undefined) await undoRequest(request)
        await restore()
      }
      tellDone(t('held.applied'), undo)
    },
    onError: tellFailed,
    onSettled: () => queryClient.invalidateQueries(),
  })
  const discard = useMutation({
    mutationFn: () => send('DELETE', `/held/${id}`),
    onSuccess: () => {
      go('/served/held')
      tellDone(t('held.discarded'), restore)
    },
    onError: tellFailed,
    onSettled: readAgain,
  })
  const replace = async (): Promise<void> => {
    const title = t('held.replaceTitle')
    if (await confirmed({ title, text: t('held.replaceText'), act: t('held.replace'), isDangerous: true }))
      apply.mutate(true)
  }
  const isBusy = apply.isPending || discard.isPending
  return (
    <Group>
      {outcome?.kind === 'changes' && (
        <Button onClick={() => apply.mutate(false)} loading={isBusy}>
          {t('held.apply')}
        </Button>
      )}
      {outcome?.kind === 'conflict' && (
        <Button variant="default" onClick={() => void replace()} loading={isBusy}>
          {t('held.replaceAsk')}
        </Button>
      )}
      <Button variant="default" onClick={() => discard.mutate()} loading={isBusy}>
        {t('held.discard')}
      </Button>
    </Group>
  )
}
