import { Button, Stack, Switch, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { Dialog } from '../../ui/dialog/dialog.tsx'

interface RemoveAccountProps {
  readonly name: string
  readonly displayName: string
  readonly onRemoved: () => void
}

/** Removes an account: what it shares goes to another, and the rest only if that is said. */
export function RemoveAccount({ name, displayName, onRemoved }: RemoveAccountProps) {
  const { t } = useTranslation('admin')
  const [isAsked, setIsAsked] = useState(false)
  const remove = useChange<{ giveTo: string; purge: boolean }>({
    send: ({ giveTo, purge }) => {
      const query = new URLSearchParams({ purge: purge ? '1' : '0', ...(giveTo !== '' && { giveTo }) })
      return send('DELETE', `/accounts/${encodeURIComponent(name)}?${query}`)
    },
    keys: [['admin']],
    isUndoable: false,
    said: () => t('remove.done', { name: displayName }),
    onDone: onRemoved,
  })
  return (
    <>
      <Button color="red.9" onClick={() => setIsAsked(true)}>
        {t('remove.ask')}
      </Button>
      {isAsked && (
        <Dialog onClose={() => setIsAsked(false)} title={t('remove.title', { name: displayName })}>
          <form
            onSubmit={(event) => {
              event.preventDefault()
              const form = new FormData(event.currentTarget)
              remove.make({ giveTo: String(form.get('giveTo')).trim(), purge: form.get('purge') === 'on' })
            }}
          >
            <Stack>
              <Text size="sm">{t('remove.text')}</Text>
              <TextInput name="giveTo" label={t('remove.heir')} description={t('remove.heirWhy')} />
              <Switch name="purge" label={t('remove.purge')} description={t('remove.purgeWhy')} />
              <Button type="submit" color="red.9" loading={remove.isBusy}>
                {t('remove.do')}
              </Button>
            </Stack>
          </form>
        </Dialog>
      )}
    </>
  )
}
