import { Alert, Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { z } from 'zod'
import type { erasurePreview } from '../../features/privacy/schema.ts'
import { get, send } from '../client/api.ts'
import { queryClient } from '../client/query.ts'
import type { Party } from '../person/person.ts'
import { Dialog } from '../ui/dialog/dialog.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { type Proof, proofKey } from './proof.ts'

interface EraseDialogProps {
  readonly party: Party
  readonly onClose: () => void
}

/** Erases somebody for good: it is asked for by name, and what proves it has a page of its own, for his is gone. */
export function EraseDialog({ party, onClose }: EraseDialogProps) {
  const { t } = useTranslation('consents')
  const [, go] = useLocation()
  const done = (proof: Proof): void => {
    queryClient.setQueryData(proofKey(proof.id), proof)
    onClose()
    go(`/erasures/${proof.id}`)
    void queryClient.invalidateQueries()
  }
  return (
    <Dialog onClose={onClose} title={t('eraseOf', { name: party.name })} size="lg" fillsPhone>
      <Asked party={party} onDone={done} onClose={onClose} />
    </Dialog>
  )
}

interface AskedProps extends EraseDialogProps {
  readonly onDone: (proof: Proof) => void
}

function Asked({ party, onDone, onClose }: AskedProps) {
  const { t } = useTranslation('consents')
  const [written, setWritten] = useState('')
  const [isLeaving, setIsLeaving] = useState(false)
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['party', party.id, 'erasure'],
    queryFn: ({ signal }) => get<z.infer<typeof erasurePreview>>(`/parties/${party.id}/erasure`, signal),
    // What it would take away is what it takes away: it is looked at anew each time.
    gcTime: 0,
  })
  const erase = useMutation({
    mutationFn: async (token: string) => {
      const body = { token, attendees: isLeaving ? 'remove' : 'keep' }
      return (await send<Proof>('POST', `/parties/${party.id}/erase`, { body })).data
    },
    onSuccess: onDone,
    onError: () => void refetch(),
  })
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const { goes, stays, token } = data
  const rows = Object.values(goes).reduce((sum, count) => sum + count, 0)
  const isMeant = written.trim() === party.name.trim()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (isMeant) erase.mutate(token)
      }}
    >
      <Stack>
        {erase.error && <Failed error={erase.error} />}
        <Alert variant="default" icon={<IconAlertTriangle />} title={t('forGood')}>
          {t('goes', { count: rows })}
        </Alert>
        <Stays stays={stays} />
        {stays.events > 0 && <LeaveEvents is={isLeaving} onChange={setIsLeaving} />}
        <TextInput
          label={t('writeName', { name: party.name })}
          value={written}
          autoComplete="off"
          data-autofocus
          onChange={(event) => setWritten(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button type="submit" color="red.9" disabled={!isMeant} loading={erase.isPending}>
            {t('erase')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface LeaveEventsProps {
  readonly is: boolean
  readonly onChange: (is: boolean) => void
}

function LeaveEvents({ is, onChange }: LeaveEventsProps) {
  const { t } = useTranslation('consents')
  return (
    <Checkbox
      label={t('leaveEvents')}
      checked={is}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  )
}

/** What belongs to others, and is about the person too. */
function Stays({ stays }: Pick<z.infer<typeof erasurePreview>, 'stays'>) {
  const { t } = useTranslation('consents')
  const kinds = (['sharedActivities', 'events', 'documents'] as const).filter((kind) => stays[kind] > 0)
  if (kinds.length === 0) return null
  return (
    <div>
      <Text size="sm">{t('stays')}</Text>
      <ul>
        {kinds.map((kind) => (
          <Text key={kind} component="li" size="sm">
            {t(`staying.${kind}`, { count: stays[kind] })}
          </Text>
        ))}
      </ul>
    </div>
  )
}
