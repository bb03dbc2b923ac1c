import { Alert, Button, Group, Text } from '@mantine/core'
import { IconShare } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { invite, inviteList } from '../../features/sharing/schema.ts'
import { get, send } from '../client/api.ts'
import { useChange } from '../client/change.ts'
import { dropItem, patchItem } from '../client/items.ts'
import { queryClient } from '../client/query.ts'
import { FailedPart } from '../ui/states.tsx'
import { tellDone } from '../ui/toast.tsx'

type Invite = z.infer<typeof invite>

interface InvitesProps {
  readonly kind: Invite['collection']['kind']
}

/** What colleagues offer and one has not answered yet: calendars, or address books. */
export function Invites({ kind }: InvitesProps) {
  const invites = useInvites(kind, 'invited')
  return (
    <>
      <FailedPart of={[invites]} />
      {invites.data?.map((one) => (
        <Offer key={one.id} invite={one} />
      ))}
    </>
  )
}

/** What one has declined or left, and can have after all, as long as it is shared. */
export function Left({ kind }: InvitesProps) {
  const { t } = useTranslation('sharing')
  const accept = useChange<Invite>({
    send: ({ id }) => send('POST', `/invites/${id}/accept`),
    patches: ({ id }) => [dropItem(['invites'], id)],
    keys: shown,
    back:
      ({ id }) =>
      () =>
        send('POST', `/invites/${id}/decline`),
    said: ({ collection }) => t('offer.accepted', { title: collection.displayName }),
  })
  // What fails of it is said where the offers are.
  return useInvites(kind, 'declined').data?.map((one) => {
    const names = { name: one.from.displayName, title: one.collection.displayName }
    return (
      <Group key={one.id} className="not-printed" justify="space-between" gap="xs">
        <Text size="sm" c="dimmed" flex="1 1 120px" style={{ overflowWrap: 'anywhere' }}>
          {t('offer.left', names)}
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={t('offer.addOf', names)}
          onClick={() => accept.make(one)}
        >
          {t('offer.add')}
        </Button>
      </Group>
    )
  })
}

function useInvites(kind: InvitesProps['kind'], state: Invite['state']) {
  return useQuery({
    queryKey: ['invites'],
    queryFn: ({ signal }) => get<z.infer<typeof inviteList>>('/invites', signal),
    select: ({ invites }) => invites.filter((one) => one.state === state && one.collection.kind === kind),
  })
}

const shown = ['invites', 'calendars', 'events', 'tasks', 'books', 'parties', 'letters'].map((key) => [key])

function Offer({ invite: { id, from, collection, access } }: { readonly invite: Invite }) {
  const { t } = useTranslation('sharing')
  const title = collection.displayName
  const answer = (said: 'accept' | 'decline') => send('POST', `/invites/${id}/${said}`)
  const accept = useChange({
    send: () => answer('accept'),
    patches: () => [dropItem(['invites'], id)],
    keys: shown,
    back: () => () => answer('decline'),
    said: () => t('offer.accepted', { title }),
  })
  const decline = useChange({
    send: () => answer('decline'),
    patches: () => [patchItem<Invite>(['invites'], id, { state: 'declined' })],
    keys: shown,
    onDone: () => tellDone(t('offer.declined', { title }), () => after(answer('accept'))),
  })
  return (
    <Alert className="not-printed" icon={<IconShare size={18} />} py={6} mx="xs" mb="xs">
      <Group justify="space-between" gap="xs">
        <Text size="sm" flex="1 1 220px">
          {t(`offer.${collection.kind}`, { name: from.displayName, title, access: t(`offer.may.${access}`) })}
        </Text>
        <Group gap="xs" wrap="nowrap">
          <Button size="compact-sm" onClick={() => accept.make(undefined)}>
            {t('offer.accept')}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => decline.make(undefined)}>
            {t('offer.decline')}
          </Button>
        </Group>
      </Group>
    </Alert>
  )
}

async function after(sent: Promise<unknown>): Promise<void> {
  await sent
  await Promise.all(shown.map((queryKey) => queryClient.invalidateQueries({ queryKey })))
}
