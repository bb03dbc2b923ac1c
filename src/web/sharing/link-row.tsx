import { ActionIcon, Button, CopyButton, Group, Stack, Text } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useLinkEnd } from './link-end.ts'

interface LinkRowProps {
  /** Its own address, which is told to whoever may write. */
  readonly path: string | undefined
  /** What is known of it. */
  readonly told?: string
  /** Where the API has it. */
  readonly at: string
}

/** The address of a public link: copied, and withdrawn. */
export function LinkRow({ path = '', told, at }: LinkRowProps) {
  const { t } = useTranslation('sharing')
  const end = useLinkEnd()
  const address = new URL(path, location.origin).href
  return (
    <Group gap="xs" wrap="nowrap">
      <Stack gap={0} flex={1} miw={0}>
        <Text size="sm" truncate>
          {address}
        </Text>
        {told !== undefined && (
          <Text size="xs" c="dimmed">
            {told}
          </Text>
        )}
      </Stack>
      <CopyButton value={address}>
        {({ copied, copy }) => (
          <Button
            size="compact-sm"
            variant="default"
            miw="fit-content"
            aria-label={`${t(copied ? 'links.copied' : 'links.copy')}: ${address}`}
            onClick={copy}
          >
            {t(copied ? 'links.copied' : 'links.copy')}
          </Button>
        )}
      </CopyButton>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`${t('links.end')}: ${address}`}
        onClick={() => end.make(at)}
      >
        <IconX size={16} />
      </ActionIcon>
    </Group>
  )
}
