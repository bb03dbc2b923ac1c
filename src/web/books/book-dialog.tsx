import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Book } from '../contacts/list/sides.ts'
import { Dialog, HiddenWhile } from '../ui/dialog/dialog.tsx'
import { useBookChange, useNewBook } from './books.ts'

/** Makes an address book. */
export function NewBook({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('books')
  const { make, isBusy } = useNewBook(onClose)
  return (
    <Dialog onClose={onClose} title={t('new')}>
      <Naming
        before={{ title: '', description: null }}
        act={t('create')}
        isBusy={isBusy}
        onSave={({ title, description }) => make({ title, ...(description !== null && { description }) })}
        onClose={onClose}
      />
    </Dialog>
  )
}

interface BookDialogProps {
  readonly book: Book
  readonly onClose: () => void
}

/** What an address book is called, and what it is for. */
export function BookDialog({ book, onClose }: BookDialogProps) {
  const { t } = useTranslation('books')
  const [before] = useState(book)
  const { make, isBusy } = useBookChange(before, onClose)
  const save = ({ title, description }: Named): void => {
    const change = {
      ...(title !== before.title && { title }),
      ...(description !== before.description && { description }),
    }
    if (Object.keys(change).length === 0) onClose()
    else make(change)
  }
  return (
    <Dialog onClose={onClose} title={t('edit')}>
      <HiddenWhile isSent={isBusy} />
      <Naming {...{ before, isBusy, onClose }} act={t('save')} onSave={save} />
    </Dialog>
  )
}

type Named = Pick<Book, 'title' | 'description'>

interface NamingProps {
  readonly before: Named
  /** What the button does. */
  readonly act: string
  readonly isBusy: boolean
  readonly onSave: (named: Named) => void
  readonly onClose: () => void
}

function Naming({ before, act, isBusy, onSave, onClose }: NamingProps) {
  const { t } = useTranslation('books')
  const [title, setTitle] = useState(before.title)
  const [description, setDescription] = useState(before.description ?? '')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        const about = description.trim() === '' ? null : description
        if (title.trim() !== '') onSave({ title: title.trim(), description: about })
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={t('title')}
          value={title}
          maxLength={500}
          required
          data-autofocus
          onChange={({ currentTarget }) => setTitle(currentTarget.value)}
        />
        <Textarea
          label={t('description')}
          value={description}
          maxLength={5_000}
          autosize
          minRows={2}
          maxRows={8}
          onChange={({ currentTarget }) => setDescription(currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button type="submit" loading={isBusy}>
            {act}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
