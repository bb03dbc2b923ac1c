import { Button, Stack, Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../ui/dialog/dialog.tsx'
import { useBack } from './back.ts'
import type { Removed } from './removed-list.tsx'

interface OtherNameProps {
  readonly removed: Removed
  readonly onClose: () => void
}

/** Asks under which other name somebody comes back, whose own is another's by now. */
export function OtherName({ removed, onClose }: OtherNameProps) {
  const { t } = useTranslation('admin')
  const back = useBack(removed, onClose)
  return (
    <Dialog onClose={onClose} title={t('removed.backOf', { name: removed.displayName })}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          back.make({ name: String(new FormData(event.currentTarget).get('name')).trim() })
        }}
      >
        <Stack>
          <Text size="sm">{t('removed.taken', { name: removed.name })}</Text>
          <TextInput
            name="name"
            label={t('removed.otherName')}
            required
            withAsterisk={false}
            autoComplete="off"
            data-autofocus
          />
          <Button type="submit" loading={back.isBusy}>
            {t('removed.back')}
          </Button>
        </Stack>
      </form>
    </Dialog>
  )
}
