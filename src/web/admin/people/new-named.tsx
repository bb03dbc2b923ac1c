import { Button, Stack, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { useRefusedFields } from '../../refusals/at-field.tsx'
import { Dialog } from '../../ui/dialog/dialog.tsx'
import { DialogEnd } from '../../ui/dialog/dialog-end.tsx'
import { type Kind, pathOf } from './people.ts'

interface NewNamedProps {
  readonly kind: Exclude<Kind, 'user'>
  readonly onClose: () => void
  /** @param name  by which it is found from now on */
  readonly onMade: (name: string) => void
}

/** A new group, room or resource. */
export function NewNamed({ kind, onClose, onMade }: NewNamedProps) {
  const { t } = useTranslation('admin')
  const { errorAt, forget, refused } = useRefusedFields(['name', 'displayName', 'email'])
  const make = useChange<object, unknown, { readonly name: string }>({
    send: (body) => send('POST', pathOf(kind), { body }),
    written: 'staying',
    keys: [['admin']],
    refused,
    onDone: ({ data: { name } }) => {
      onClose()
      onMade(name)
    },
  })
  return (
    <Dialog onClose={onClose} title={t(`people.add.${kind}`)}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const form = new FormData(event.currentTarget)
          const texts = ['name', 'displayName', 'email'].map(
            (key) => [key, String(form.get(key)).trim()] as const,
          )
          forget()
          make.make(Object.fromEntries(texts.filter(([, text]) => text !== '')))
        }}
      >
        <Stack>
          <TextInput
            name="displayName"
            label={t('name')}
            error={errorAt('displayName')}
            required
            withAsterisk={false}
            data-autofocus
          />
          <TextInput
            name="name"
            label={t('people.short')}
            description={t('people.shortWhy')}
            error={errorAt('name')}
            required
            withAsterisk={false}
          />
          <TextInput name="email" type="email" label={t('mail')} error={errorAt('email')} />
          <DialogEnd onClose={onClose}>
            <Button type="submit" loading={make.isBusy}>
              {t('people.make')}
            </Button>
          </DialogEnd>
        </Stack>
      </form>
    </Dialog>
  )
}
