import { Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Book } from '../contacts/list/sides.ts'
import { FormDialog } from '../ui/dialog/form-dialog.tsx'
import { useBookChange, useNewBook } from './books.ts'

/** Makes an address book. */
export function NewBook({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('books')
  const { make, isBusy } = useNewBook(onClose)
  const naming = useNaming({ title: '', description: null })
  const { title, description, isReady } = naming
  const save = (): void => make({ title, ...(description !== null && { description }) })
  return (
    <FormDialog title={t('new')} act={t('create')} {...{ isReady, isBusy, onClose }} onSave={save}>
      <NameFields {...naming} />
    </FormDialog>
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
  const naming = useNaming(before)
  const { title, description, isReady } = naming
  const save = (): void => {
    const change = {
      ...(title !== before.title && { title }),
      ...(description !== before.description && { description }),
    }
    if (Object.keys(change).length === 0) onClose()
    else make(change)
  }
  return (
    <FormDialog title={t('edit')} act={t('save')} {...{ isReady, isBusy, onClose }} onSave={save}>
      <NameFields {...naming} />
    </FormDialog>
  )
}

/** What is written, and what it says: a description of blanks says nothing. */
function useNaming(before: Pick<Book, 'title' | 'description'>) {
  const [titleText, setTitleText] = useState(before.title)
  const [about, setAbout] = useState(before.description ?? '')
  const title = titleText.trim()
  const description = about.trim() === '' ? null : about
  return { ...{ titleText, setTitleText, about, setAbout }, title, description, isReady: title !== '' }
}

function NameFields({ titleText, setTitleText, about, setAbout }: ReturnType<typeof useNaming>) {
  const { t } = useTranslation('books')
  return (
    <>
      <TextInput
        label={t('title')}
        value={titleText}
        maxLength={500}
        required
        data-autofocus
        onChange={({ currentTarget }) => setTitleText(currentTarget.value)}
      />
      <Textarea
        label={t('description')}
        value={about}
        maxLength={5_000}
        autosize
        minRows={2}
        maxRows={8}
        onChange={({ currentTarget }) => setAbout(currentTarget.value)}
      />
    </>
  )
}
