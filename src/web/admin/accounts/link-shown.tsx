import { Alert, Button, Code, CopyButton, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { leadsHere } from '../../account/devices/devices.ts'
import { useDates } from '../../ui/dates.ts'
import { Dialog } from '../../ui/dialog/dialog.tsx'

/** A link for somebody to choose a password by. */
export interface LinkFor {
  readonly name: string
  readonly url: string
  readonly expiresAt: string
}

/** Shows such a link, this once, to be handed over. */
export function LinkShown({ link, onClose }: { readonly link: LinkFor; readonly onClose: () => void }) {
  const { t } = useTranslation('admin')
  const { time } = useDates()
  const url = new URL(link.url, window.location.href).href
  return (
    <Dialog onClose={onClose} title={t('link.title', { name: link.name })}>
      <Stack>
        <Text size="sm">{t('link.text', { when: time(link.expiresAt) })}</Text>
        {leadsHere(url) && (
          <Alert variant="light" color="yellow">
            {t('link.thisMachine')}
          </Alert>
        )}
        <Code style={{ overflowWrap: 'anywhere' }}>{url}</Code>
        <CopyButton value={url}>
          {({ copied, copy }) => <Button onClick={copy}>{copied ? t('link.copied') : t('link.copy')}</Button>}
        </CopyButton>
      </Stack>
    </Dialog>
  )
}
