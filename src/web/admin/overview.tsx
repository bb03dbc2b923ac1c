import { Stack, Table, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useDates } from '../ui/dates.ts'
import { useSizes } from '../ui/sizes.ts'
import { Failed, Loading } from '../ui/states.tsx'
import { type Server, type Storage, useReport } from './admin.ts'
import { Line, Rows } from './more.tsx'

/** What people call them. */
const databases = { sqlite: 'SQLite', postgres: 'PostgreSQL' } as const

/** What runs here, and what is kept. */
export function Overview() {
  return (
    <Stack gap="xl">
      <ServerFacts />
      <Kept />
    </Stack>
  )
}

function ServerFacts() {
  const { t, i18n } = useTranslation('admin')
  const { time } = useDates()
  const { data, error, isPending, refetch } = useReport<Server>('/server')
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const number = new Intl.NumberFormat(i18n.language)
  const facts = [
    [t('server.version'), data.version],
    [t('server.address'), data.publicUrl ?? t('server.noAddress')],
    [t('server.started'), time(data.startedAt)],
    [t('server.database'), databases[data.database]],
    [t('server.failingJobs'), number.format(data.failingJobs)],
    [t('server.deadOutbox'), number.format(data.deadOutbox)],
  ] as const
  return <Facts title={t('parts.server')} facts={facts} />
}

function Kept() {
  const { t, i18n } = useTranslation('admin')
  const bytes = useSizes()
  const { data, error, isPending, refetch } = useReport<Storage>('/storage', false)
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const number = new Intl.NumberFormat(i18n.language)
  const { counts, database, accounts } = data
  const facts = [
    [t('storage.database'), bytes(database.bytes)],
    [t('storage.documents'), bytes(counts.blobBytes)],
    [t('storage.objects'), number.format(counts.objects)],
    [t('storage.revisions'), number.format(counts.revisions)],
    [t('storage.files'), number.format(counts.files)],
  ] as const
  return (
    <Stack>
      <Facts title={t('storage.title')} facts={facts} />
      <Rows heads={[t('account'), t('used'), t('limit')]}>
        {accounts.map(({ name, displayName, usedBytes, limitBytes }) => (
          <Line key={name}>
            <Table.Td>{displayName}</Table.Td>
            <Table.Td>{bytes(usedBytes)}</Table.Td>
            <Table.Td>{bytes(limitBytes)}</Table.Td>
          </Line>
        ))}
      </Rows>
    </Stack>
  )
}

interface FactsProps {
  readonly title: string
  readonly facts: readonly (readonly [label: string, value: string])[]
}

function Facts({ title, facts }: FactsProps) {
  return (
    <Stack gap="xs">
      <Title order={3} size="h4">
        {title}
      </Title>
      <Table variant="vertical" layout="fixed" maw={560}>
        <Table.Tbody>
          {facts.map(([label, value]) => (
            <Table.Tr key={label}>
              <Table.Th scope="row">{label}</Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  )
}
