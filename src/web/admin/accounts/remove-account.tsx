import { Button, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { Dialog } from '../../ui/dialog/dialog.tsx'
import { DialogEnd } from '../../ui/dialog/dialog-end.tsx'
import { goneAt } from '../admin.ts'
import { wayBack } from '../removed/back.ts'

interface RemoveAccountProps {
  readonly name: string
  readonly displayName: string
  readonly onRemoved: () => void
}

/** Removes an account, with a way back: what it shares goes to another. */
export function RemoveAccount({ name, displayName, onRemoved }: RemoveAccountProps) {
  const { t } = useTranslation('admin')
  const [isAsked, setIsAsked] = useState(false)
  const remove = useChange<{ giveTo: string }, unknown, { readonly removed: number | null }>({
    send: ({ giveTo }) => {
      const query = new URLSearchParams(giveTo === '' ? {} : { giveTo })
      return send('DELETE', `/accounts/${encodeURIComponent(name)}?${query}`)
    },
    written: 'leaving',
    patches: () => goneAt(`/accounts/${encodeURIComponent(name)}`),
    keys: [['admin']],
    back: (_, { data }) => wayBack(data),
    said: () => t('remove.done', { name: displayName }),
    onDone: onRemoved,
  })
  return (
    <>
      <Button variant="light" color="red" onClick={() => setIsAsked(true)}>
        {t('remove.ask')}
      </Button>
      {isAsked && (
        <Dialog onClose={() => setIsAsked(false)} title={t('remove.title', { name: displayName })}>
          <form
            onSubmit={(event) => {
              event.preventDefault()
              const form = new FormData(event.currentTarget)
              remove.make({ giveTo: String(form.get('giveTo')).trim() })
            }}
          >
            <Stack>
              <Text size="sm">{t('remove.text')}</Text>
              <TextInput name="giveTo" label={t('remove.heir')} description={t('remove.heirWhy')} />
              <DialogEnd onClose={() => setIsAsked(false)}>
                <Button type="submit" color="red.9">
                  {t('remove.do')}
                </Button>
              </DialogEnd>
            </Stack>
          </form>
        </Dialog>
      )}
    </>
  )
}
