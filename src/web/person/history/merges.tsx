import { Button, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { mergeEntry, undone } from '../../../features/merges/schema.ts'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { readAll } from '../../client/pages.ts'
import { useDates } from '../../ui/dates.ts'
import { FailedPart } from '../../ui/states.tsx'
import { keys } from '../person.ts'

type Merge = z.infer<typeof mergeEntry>

/** Who was merged into somebody and still is, and the way back; nothing where nobody was. */
export function Merges({ partyId }: { readonly partyId: number }) {
  const { t } = useTranslation('person')
  const merges = useQuery({
    queryKey: keys.fact(partyId, 'merges'),
    queryFn: ({ signal }) => readAll<Merge>('/merges', { party: String(partyId) }, signal),
  })
  const standing = (merges.data ?? []).filter(
    ({ survivor, undoneAt }) => survivor === partyId && undoneAt === null,
  )
  return (
    <>
      <FailedPart of={[merges]} />
      {standing.length > 0 && (
        <Stack component="ul" gap="xs" m={0} p={0} aria-label={t('merges')}>
          {standing.map((merge) => (
            <MergeRow key={merge.id} merge={merge} />
          ))}
        </Stack>
      )}
    </>
  )
}

function MergeRow({ merge: { id, name, at } }: { readonly merge: Merge }) {
  const { t } = useTranslation('person')
  const { time } = useDates()
  const { make, isBusy } = useChange<void, never, z.infer<typeof undone>>({
    send: () => send('POST', `/merges/${id}/undo`),
    keys: [[]],
    isUndoable: false,
    said: (_, { left }) => t(left.length === 0 ? 'madeTwo' : 'madeTwoBut'),
  })
  return (
    <li className="editor" style={{ listStyle: 'none' }}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Text size="sm">{t('mergedIn', { name })}</Text>
          <Text size="xs" c="dimmed">
            {time(at)}
          </Text>
        </div>
        <Button
          size="compact-sm"
          variant="default"
          loading={isBusy}
          aria-label={`${t('makeTwo')}: ${name}, ${time(at)}`}
          onClick={() => make()}
          style={{ flexShrink: 0 }}
        >
          {t('makeTwo')}
        </Button>
      </Group>
    </li>
  )
}
