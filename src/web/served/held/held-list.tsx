import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { useDates } from '../../ui/dates.ts'
import { Empty, Failed, Loading, Part } from '../../ui/states.tsx'
import { reasonOf } from '../sentences.ts'
import { type HeldEdit, useHeld } from './held.ts'

/** What devices sent and was refused: what waits for a decision, and what has had one. */
export function HeldList() {
  const { t } = useTranslation('served')
  const { data, error, isPending, refetch } = useHeld('open')
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  return (
    <Stack gap="xl">
      {data.length === 0 ? <Empty text={t('held.none')} /> : <Edits edits={data} />}
      <Settled />
    </Stack>
  )
}

function Edits({ edits }: { readonly edits: readonly HeldEdit[] }) {
  const { t } = useTranslation('served')
  return (
    <Stack component="ul" gap={0} p={0} m={0} style={{ listStyle: 'none' }}>
      {edits.map((edit) => (
        <Line key={edit.id} edit={edit}>
          <Button
            component={Link}
            href={`/served/held/${edit.id}`}
            variant="default"
            size="compact-sm"
            miw="fit-content"
            aria-label={t('held.lookAtOf', { name: edit.name })}
          >
            {t('held.lookAt')}
          </Button>
        </Line>
      ))}
    </Stack>
  )
}

/** Those that were applied or discarded, which can be put back while they are kept. */
function Settled() {
  const { t } = useTranslation('served')
  const settled = useHeld('settled')
  const restore = useChange<HeldEdit>({
    send: ({ id }) => send('POST', `/held/${id}/restore`),
    keys: [['held']],
    isUndoable: false,
    said: () => t('held.isBack'),
  })
  return (
    <Part of={settled} isQuiet>
      {(edits) =>
        edits.length > 0 && (
          <Stack gap="xs">
            <Title order={3} size="h5">
              {t('held.settled')}
            </Title>
            <Stack component="ul" gap={0} p={0} m={0} style={{ listStyle: 'none' }}>
              {edits.map((edit) => (
                <Line key={edit.id} edit={edit}>
                  <Button
                    variant="default"
                    size="compact-sm"
                    miw="fit-content"
                    onClick={() => restore.make(edit)}
                    aria-label={t('held.backOf', { name: edit.name })}
                  >
                    {t('held.back')}
                  </Button>
                </Line>
              ))}
            </Stack>
          </Stack>
        )
      }
    </Part>
  )
}

interface LineProps {
  readonly edit: HeldEdit
  readonly children: ReactNode
}

function Line({ edit, children }: LineProps) {
  const { t } = useTranslation('served')
  const { time } = useDates()
  const { at, collection, name, device, reason, settledAs } = edit
  const done = settledAs === null ? null : t(`held.states.${settledAs}`)
  return (
    <Group component="li" justify="space-between" wrap="nowrap" py="xs" className="ruled">
      <div style={{ minInlineSize: 0, overflowWrap: 'anywhere' }}>
        <Text size="sm">{`${collection}/${name}`}</Text>
        <Text size="sm" c="dimmed">
          {[done, time(at), device, reasonOf(t, reason)].filter(Boolean).join(' · ')}
        </Text>
      </div>
      {children}
    </Group>
  )
}

/** Says that there are some, where devices are asked about; nothing where there are none. */
export function HeldHint() {
  const { t } = useTranslation('served')
  const open = useHeld('open')
  return (
    <Part of={open} isQuiet>
      {(edits) =>
        edits.length > 0 && (
          <Anchor component={Link} href="/served/held" size="sm" w="fit-content">
            {t('held.hint', { count: edits.length })}
          </Anchor>
        )
      }
    </Part>
  )
}
