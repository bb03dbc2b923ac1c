import { Button, Stack, Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useChange } from '../../client/change.ts'
import { Dialog } from '../../ui/dialog/dialog.tsx'
import { DialogEnd } from '../../ui/dialog/dialog-end.tsx'
import { keys } from '../calendar.ts'
import { type SubscriptionWish, subscribe } from './settings.ts'

/** Follows a calendar that somebody publishes: holidays, a team, a timetable. */
export function SubscribeDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('calendar')
  const follow = useChange({
    send: (wish: SubscriptionWish) => subscribe(wish),
    written: 'staying',
    keys: [keys.calendars, keys.events, ['subscriptions']],
    isUndoable: false,
    said: () => t('subscription.made'),
    onDone: onClose,
  })
  return (
    <Dialog onClose={onClose} title={t('subscription.title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const form = new FormData(event.currentTarget)
          const title = String(form.get('title') ?? '').trim()
          follow.make({ url: String(form.get('url') ?? '').trim(), ...(title !== '' && { title }) })
        }}
      >
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {t('subscription.what')}
          </Text>
          <TextInput
            name="url"
            label={t('subscription.url')}
            placeholder="https://"
            required
            maxLength={2_000}
            autoComplete="off"
            data-autofocus
          />
          <TextInput name="title" label={t('settings.title')} maxLength={500} autoComplete="off" />
          <DialogEnd onClose={onClose}>
            <Button type="submit" loading={follow.isBusy}>
              {t('subscription.follow')}
            </Button>
          </DialogEnd>
        </Stack>
      </form>
    </Dialog>
  )
}
