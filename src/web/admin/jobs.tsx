import { Button, Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { send } from '../client/api.ts'
import { useChange } from '../client/change.ts'
import { useTold } from '../refusals/said.ts'
import { useDates } from '../ui/dates.ts'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { type Jobs as JobList, useReport } from './admin.ts'
import { Line, Rows, Twice } from './more.tsx'

/** Those that have words, by the begin of the key. */
const kinds = [
  ...([
    'purge',
    'erasures',
    'retention',
    'sweep-blobs',
    'pack-search',
    'extend-index',
    'birthdays',
    'keep-in-touch',
  ] as const),
  ...(['directory', 'duplicates', 'custom-fields', 'reindex', 'subscription', 'import', 'outbox'] as const),
  ...(['virtual', 'virtual-day', 'undo-import', 'forced-undo-import', 'undo-changes'] as const),
  ...(['bulk-people', 'change-label', 'fill-book', 'settle-lists'] as const),
] as const

/** The work that the server does by itself. */
export function Jobs() {
  const { t } = useTranslation('admin')
  const { relative } = useDates()
  const told = useTold()
  const { data, error, isPending, refetch } = useReport<JobList>('/jobs')
  const run = useChange<string>({
    send: (key) => send('POST', `/jobs/${encodeURIComponent(key)}/run`),
    keys: [['admin', '/jobs']],
    isUndoable: false,
    said: (key) => t('jobs.hurried', { job: key }),
  })
  const wordOf = (key: string): string => {
    const kind = kinds.find((one) => one === key.split(':')[0])
    return kind === undefined ? key : t(`jobs.kinds.${kind}`)
  }
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  if (data.jobs.length === 0) return <Empty text={t('none.jobs')} />
  return (
    <Rows heads={[t('jobs.job'), t('jobs.state'), t('jobs.last'), t('jobs.next'), t('jobs.do')]}>
      {data.jobs.map(({ key, state, lastAt, nextAt, attempts, lastError, progress }) => (
        <Line key={key}>
          <Table.Td>
            <Twice text={wordOf(key)} more={key} />
          </Table.Td>
          <Table.Td>
            <Twice
              isWhole={lastError !== null}
              text={t(`jobs.states.${state}`)}
              more={
                lastError !== null
                  ? attempts > 0
                    ? t('jobs.failed', { count: attempts, error: told(lastError) })
                    : t('outbox.failed', { error: told(lastError) })
                  : progress
                    ? t('jobs.progress', { ...progress })
                    : null
              }
            />
          </Table.Td>
          <Table.Td>{lastAt === null ? t('never') : relative(lastAt)}</Table.Td>
          <Table.Td>{relative(nextAt)}</Table.Td>
          <Table.Td>
            <Button
              variant="default"
              size="compact-sm"
              onClick={() => run.make(key)}
              aria-label={t('jobs.runOf', { job: key })}
            >
              {t('jobs.run')}
            </Button>
          </Table.Td>
        </Line>
      ))}
    </Rows>
  )
}
