import { Button, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { get } from '../client/api.ts'
import { Failed, Loading } from '../ui/states.tsx'
import type { Kept, StateDetail } from './state.ts'
import { useStateWords } from './state-words.ts'
import { useRestore } from './way-back.tsx'

interface DifferencesProps {
  readonly kept: Kept
  readonly revision: number
  /** Whether what differs can be brought back. */
  readonly mayWrite: boolean
  /** A line as people read it. */
  readonly line: (text: string) => string
  readonly onDone?: (() => void) | undefined
}

type Now = NonNullable<StateDetail['now']>

/** What a change altered, and what is otherwise now: each of which can be brought back. */
export function Differences({ kept, revision, mayWrite, line, onDone }: DifferencesProps) {
  const { t } = useTranslation('things')
  const { object } = kept
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['history', 'state', object, revision],
    queryFn: ({ signal }) => get<StateDetail>(`/objects/${object}/history/${revision}`, signal),
  })
  const { make, isBusy } = useRestore(kept, { revision }, onDone)
  const { property } = useStateWords()
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const previous = (data.previous ?? []).filter(isTold)
  const now = (data.now ?? []).filter(isTold)
  return (
    <Stack gap="xs" mt="xs" w="100%">
      {previous.length > 0 && (
        <Lines
          title={t('changedThen')}
          heads={[t('heads.before'), t('heads.after')]}
          line={line}
          rows={previous.map(({ path, what, before, after }) => ({
            key: `${path} ${before} ${after}`,
            ...{ what: property(what ?? path), one: before, other: after },
          }))}
        />
      )}
      {now.length > 0 ? (
        <Lines
          title={t('sinceThen')}
          heads={[t('then'), t('now')]}
          line={line}
          rows={now.map((one) => ({
            key: `${one.path} ${one.was} ${one.is}`,
            ...{ what: property(one.what ?? one.path), one: one.was, other: one.is },
            ...(mayWrite && { isBusy, bringBack: () => make(together(one, now)) }),
          }))}
        />
      ) : (
        <Text size="sm" c="dimmed">
          {t('asNow')}
        </Text>
      )}
    </Stack>
  )
}

/** What programs write anew with every change tells nobody anything. */
function isTold({ what }: { readonly what: string | null }): boolean {
  return what !== null
}

const times = new Set(['DTSTART', 'DTEND', 'DURATION', 'DUE'])

/** A beginning without its end is no time. */
function together(one: Now[number], all: Now): Now {
  const [place, name] = placeOf(one)
  if (!times.has(name)) return [one]
  return all.filter((other) => {
    const [otherPlace, otherName] = placeOf(other)
    return otherPlace === place && times.has(otherName)
  })
}

function placeOf({ path }: Now[number]): readonly [place: string, name: string] {
  const at = path.lastIndexOf('/')
  return [path.slice(0, at), path.slice(at + 1)]
}

interface LinesProps {
  readonly title: string
  readonly heads: readonly [string, string]
  readonly line: (text: string) => string
  readonly rows: readonly {
    readonly key: string
    readonly what: string
    readonly one: string | null
    readonly other: string | null
    readonly isBusy?: boolean
    readonly bringBack?: () => void
  }[]
}

const nothing = '–'

function Lines({ title, heads, line, rows }: LinesProps) {
  const { t } = useTranslation('things')
  const shown = (text: string | null): string => (text === null ? nothing : shortened(line(text)))
  const hasTools = rows.some(({ bringBack }) => bringBack !== undefined)
  return (
    <Table.ScrollContainer
      minWidth={hasTools ? 420 : 280}
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
    >
      <Table layout="fixed" captionSide="top">
        <Table.Caption ta="start">{title}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            <Table.Th scope="col">{heads[0]}</Table.Th>
            <Table.Th scope="col">{heads[1]}</Table.Th>
            {hasTools && <Table.Td />}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ key, what, one, other, isBusy = false, bringBack }) => (
            <Table.Tr key={key}>
              <Table.Th scope="row">{what}</Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-line' }}>{shown(one)}</Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-line' }}>{shown(other)}</Table.Td>
              {hasTools && (
                <Table.Td>
                  <Button
                    size="compact-xs"
                    variant="default"
                    disabled={isBusy}
                    aria-label={`${t('bringBackLine')}: ${what}`}
                    onClick={bringBack}
                  >
                    {t('bringBackLine')}
                  </Button>
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

/** What is very long is not read here. */
function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
