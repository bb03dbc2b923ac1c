import { Anchor, Badge, Button, Group, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { useDates } from '../../ui/dates.ts'
import { useSizes } from '../../ui/sizes.ts'
import { Failed } from '../../ui/states.tsx'
import { type FileEntry, useVersions } from '../files.ts'

/** The contents that a file had, each of which it can have again. */
export function Versions({ file: { id, rights } }: { readonly file: FileEntry }) {
  const { t } = useTranslation('files')
  const sizeOf = useSizes()
  const dates = useDates()
  const { data, error, refetch } = useVersions(id)
  const again = useChange<number>({
    send: (version) => send('POST', `/files/${id}/versions/${version}/restore`),
    keys: [['files']],
    said: () => t('isSoAgain'),
  })
  if (error) return <Failed error={error} again={() => void refetch()} />
  if (!data || data.items.length < 2) return null
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {t('versions')}
      </Title>
      {data.items.map(({ version, at, author, size, isNow }) => (
        <Group key={version} justify="space-between" wrap="nowrap">
          <div>
            <Anchor href={`/api/files/${id}/versions/${version}/content?download=1`} size="sm">
              {dates.time(at)}
            </Anchor>
            <Text size="xs" c="dimmed">
              {[author?.displayName ?? '', sizeOf(size)].filter((part) => part !== '').join(' · ')}
            </Text>
          </div>
          {isNow ? (
            <Badge variant="default">{t('now')}</Badge>
          ) : (
            rights.edit && (
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => again.make(version)}
                aria-label={`${t('useAgain')}: ${dates.time(at)}`}
              >
                {t('useAgain')}
              </Button>
            )
          )}
        </Group>
      ))}
    </Stack>
  )
}
