import { Button, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { upload } from '../client/upload.ts'
import { useDrop } from '../files/drop.ts'
import { FilePicker } from '../ui/file-picker.tsx'
import { Part } from '../ui/states.tsx'
import { tellFailed } from '../ui/toast.tsx'
import { doneOf, type ImportState, useImports } from './imports.ts'
import { Sources } from './sources.tsx'
import { ImportRow, Waiting } from './waiting.tsx'

/** Takes a file, and looks what would become of it before anything is stored. */
export function SendView() {
  const { t } = useTranslation('import')
  const [, go] = useLocation()
  const [part, setPart] = useState(0)
  const given = useRef<AbortController>(undefined)
  const trying = useMutation({
    mutationFn: (file: File) => {
      const query = new URLSearchParams({ name: file.name, dryRun: '1', match: 'email,phone' })
      given.current = new AbortController()
      setPart(0)
      const { signal } = given.current
      return upload<ImportState>(`/imports?${query}`, file, { onProgress: setPart, signal })
    },
    onSuccess: ({ id }) => go(`/import/${id}`),
    onError: (error) => {
      if (given.current?.signal.aborted !== true) tellFailed(error)
    },
  })
  const take = (file: File | undefined): void => {
    if (file) trying.mutate(file)
  }
  const { isOver, on } = useDrop(([file]) => take(file))
  return (
    <Stack gap="xl">
      <Paper
        withBorder
        p="xl"
        style={{ borderStyle: 'dashed' }}
        {...(isOver && { bg: 'var(--mantine-primary-color-light)' })}
        {...on}
      >
        <Stack align="center" gap="sm">
          <Text ta="center">{t('drop')}</Text>
          <Text ta="center" size="sm" c="dimmed">
            {t('kinds')}
          </Text>
          <FilePicker
            onPick={([file]) => take(file)}
            accept=".vcf,.vcard,.ics,.ical,.vcs,.csv,.tsv,.ldif,.json,.txt"
          >
            {(props) => (
              <Button {...props} leftSection={<IconUpload size={18} />} loading={trying.isPending}>
                {t('choose')}
              </Button>
            )}
          </FilePicker>
          {trying.isPending && <Sending part={part} onStop={() => given.current?.abort()} />}
        </Stack>
      </Paper>
      <Sent />
      <Sources />
    </Stack>
  )
}

/** What was sent before: what waits, and what was done. */
function Sent() {
  const sent = useImports()
  return (
    <Part of={sent}>
      {({ imports }) => (
        <>
          <Waiting imports={imports} />
          <Earlier imports={imports} />
        </>
      )}
    </Part>
  )
}

interface SendingProps {
  /** From 0 to 1. */
  readonly part: number
  readonly onStop: () => void
}

function Sending({ part, onStop }: SendingProps) {
  const { t } = useTranslation('import')
  return (
    <>
      <Progress w="100%" value={part * 100} aria-label={t('sending')} />
      <Button variant="default" size="compact-sm" onClick={onStop}>
        {t('stopTrial')}
      </Button>
    </>
  )
}

/** What was imported before, each of which can still be looked at and undone. */
function Earlier({ imports }: { readonly imports: readonly ImportState[] }) {
  const { t } = useTranslation('import')
  const rows = imports.filter(({ dryRun }) => !dryRun)
  if (rows.length === 0) return null
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {t('earlier')}
      </Title>
      {rows.map((row) => (
        <Group key={row.id} justify="space-between" wrap="nowrap">
          <ImportRow
            row={row}
            state={row.state === 'undone' ? t('states.undone') : t('items', { count: doneOf(row) })}
          />
        </Group>
      ))}
    </Stack>
  )
}
