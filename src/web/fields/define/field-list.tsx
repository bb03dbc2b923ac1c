import { Stack, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { openForm } from '../../ui/dialog/forms.tsx'
import { FailedPart, Loading } from '../../ui/states.tsx'
import { DefinedList } from '../defined-list.tsx'
import { EditField } from './edit-field.tsx'
import { FieldRow } from './field-row.tsx'
import { type Book, type Field, useBooks, useFields, usePeopleCounts } from './fields.ts'
import { NewFieldDialog } from './new-field.tsx'

/** The fields that there are, by whom they are for; each with how many people have it. */
export function FieldList() {
  const { t } = useTranslation('fields')
  const fields = useFields()
  const counts = usePeopleCounts()
  const books = useBooks()
  const failed = <FailedPart of={[fields, counts, books]} />
  if (!fields.data || !counts.data || !books.data)
    return fields.error || counts.error || books.error ? failed : <Loading />
  const peopleOf = ({ id }: Field): number => counts.data.get(id) ?? 0
  return (
    <>
      {failed}
      <DefinedList
        isEmpty={fields.data.length === 0}
        none={t('none')}
        why={t('why')}
        add={t('new')}
        onAdd={() => openForm((close) => <NewFieldDialog books={books.data} onClose={close} />)}
      >
        {groupsOf(fields.data, books.data).map(({ name, isRetired, fields: group }) => (
          <section key={`${name ?? ''} ${isRetired}`}>
            <Title order={3} size="h5" mb={4}>
              {isRetired ? t('retiredOnes') : (name ?? t('everybodys'))}
            </Title>
            <Stack component="ul" gap={0} m={0} p={0} style={{ listStyle: 'none' }}>
              {group.map((field, at) => (
                <FieldRow
                  key={field.id}
                  {...{ field, group, at }}
                  people={peopleOf(field)}
                  onEdit={() =>
                    openForm((close) => <EditField field={field} people={peopleOf(field)} onClose={close} />)
                  }
                />
              ))}
            </Stack>
          </section>
        ))}
      </DefinedList>
    </>
  )
}

interface FieldGroup {
  /** Of the book; undefined for everybody's. */
  readonly name: string | undefined
  readonly isRetired: boolean
  readonly fields: readonly Field[]
}

/** Everybody's first, then those of each book, and at last what is retired. */
function groupsOf(fields: readonly Field[], books: readonly Book[]): FieldGroup[] {
  const offered = fields.filter(({ isRetired }) => !isRetired)
  const groups = [null, ...new Set(offered.flatMap(({ book }) => book ?? []))].map((book) => ({
    name: book === null ? undefined : (books.find(({ id }) => id === book)?.title ?? ''),
    isRetired: false,
    fields: offered.filter((field) => field.book === book),
  }))
  const retired = fields.filter(({ isRetired }) => isRetired)
  return [...groups, { name: undefined, isRetired: true, fields: retired }].filter(
    (group) => group.fields.length > 0,
  )
}
