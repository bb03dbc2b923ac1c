import { Button, Group, Stack, Text } from '@mantine/core'
import { IconDownload, IconExternalLink } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useDates } from '../../ui/dates.ts'
import { SidePanel } from '../../ui/dialog/side-panel.tsx'
import { useSizes } from '../../ui/sizes.ts'
import { FailedPart } from '../../ui/states.tsx'
import { type FileEntry, useFile } from '../files.ts'
import { LinkedPeople } from './linked-people.tsx'
import { Preview } from './preview.tsx'
import { Versions } from './versions.tsx'

interface FileDrawerProps {
  readonly file: FileEntry
  readonly onClose: () => void
}

/** A file: what is in it, whom it has to do with, and what was in it before. */
export function FileDrawer({ file: given, onClose }: FileDrawerProps) {
  const { t } = useTranslation('files')
  const sizeOf = useSizes()
  const dates = useDates()
  const asked = useFile(given.id)
  const file = asked.data ?? given
  const { id, name, size, changedAt, author } = file
  const content = `/api/files/${id}/content`
  return (
    <SidePanel onClose={onClose} position="right" size="lg" title={name}>
      <Stack gap="lg">
        <FailedPart of={[asked]} />
        <Preview file={file} />
        <Group gap="xs">
          <Button component="a" href={`${content}?download=1`} leftSection={<IconDownload size={18} />}>
            {t('download')}
          </Button>
          <Button
            component="a"
            href={content}
            target="_blank"
            rel="noreferrer"
            variant="default"
            leftSection={<IconExternalLink size={18} />}
          >
            {t('open')}
          </Button>
        </Group>
        <Text size="sm" c="dimmed">
          {[sizeOf(size), dates.time(changedAt), author?.displayName ?? '']
            .filter((part) => part !== '')
            .join(' · ')}
        </Text>
        <LinkedPeople file={file} />
        <Versions file={file} />
      </Stack>
    </SidePanel>
  )
}
