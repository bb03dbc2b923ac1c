import { Button, Checkbox, Group, Radio, Stack, Table, Text, VisuallyHidden } from '@mantine/core'
import { IconArrowsLeftRight } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Dialog } from '../ui/dialog/dialog.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { type Choice, type MergePreview, useMerge, useMergePreview } from './duplicates.ts'

interface MergeDialogProps {
  readonly one: number
  readonly other: number
  readonly onClose: () => void
}

/** Two side by side, and which of each field stays. */
export function MergeDialog({ one, other, onClose }: MergeDialogProps) {
  const { t } = useTranslation('duplicates')
  const [isTurned, setIsTurned] = useState(false)
  const [survivor, loser] = isTurned ? [other, one] : [one, other]
  const { data, error, isPending, refetch } = useMergePreview(survivor, loser)
  return (
    <Dialog onClose={onClose} title={t('mergeTitle')} size="xl" fillsPhone>
      {isPending && <Loading />}
      {error && <Failed error={error} again={() => void refetch()} />}
      {data && (
        <Compared
          key={`${survivor}`}
          preview={data.data}
          etag={data.etag}
          onTurn={() => setIsTurned(!isTurned)}
          onClose={onClose}
        />
      )}
    </Dialog>
  )
}

interface ComparedProps {
  readonly preview: MergePreview
  readonly etag: string | undefined
  readonly onTurn: () => void
  readonly onClose: () => void
}

function Compared({ preview, etag, onTurn, onClose }: ComparedProps) {
  const { survivor, loser, fields, gone, apart } = preview
  const { t } = useTranslation('duplicates')
  const [, go] = useLocation()
  const [choices, setChoices] = useState<Readonly<Record<string, Choice>>>({})
  const { make, isBusy } = useMerge(etag, t('merged', { one: survivor.name, other: loser.name }), (party) => {
    onClose()
    go(`/contacts/${party}`)
  })
  const [inAllBooks, setInAllBooks] = useState(false)
  // Where no two cards become one, and none is changed, there is nothing to choose.
  const isChosen = gone.length > 0 || inAllBooks
  const differing = fields.filter(({ isSame }) => !isSame)
  return (
    <Stack>
      <Table.ScrollContainer minWidth={isChosen ? 480 : 320}>
        <Table layout="fixed">
          <Heads survivor={survivor.name} loser={loser.name} isChosen={isChosen} />
          <Table.Tbody>
            {differing.map((field) => (
              <FieldRow
                key={field.name}
                field={field}
                chosen={isChosen ? (choices[field.name] ?? field.proposed) : undefined}
                onChoose={(choice) => setChoices({ ...choices, [field.name]: choice })}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {differing.length === 0 && <Text size="sm">{t('allSame')}</Text>}
      {gone.length > 0 && (
        <Text size="sm" c="dimmed">
          {t('gone', { count: gone.length })}
        </Text>
      )}
      {apart.length > 0 && <Apart books={apart} isAlike={inAllBooks} onAlike={setInAllBooks} />}
      <Group justify="space-between">
        <Button variant="subtle" leftSection={<IconArrowsLeftRight size={16} />} onClick={onTurn}>
          {t('turn')}
        </Button>
        <Group>
          <Button variant="default" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button
            loading={isBusy}
            onClick={() => make({ survivor: survivor.id, loser: loser.id, choices, inAllBooks })}
            data-autofocus
          >
            {t('merge')}
          </Button>
        </Group>
      </Group>
    </Stack>
  )
}

interface ApartProps {
  readonly books: MergePreview['apart']
  readonly isAlike: boolean
  readonly onAlike: (isAlike: boolean) => void
}

/** What becomes of cards in books that only one of the two is in. */
function Apart({ books, isAlike, onAlike }: ApartProps) {
  const { t, i18n } = useTranslation('duplicates')
  const names = [...new Set(books.map(({ book }) => book))]
  const listed = new Intl.ListFormat(i18n.language).format(names)
  return (
    <Stack gap="xs">
      <Text size="sm">{t('apart', { books: listed })}</Text>
      <Checkbox
        label={t('inAllBooks')}
        description={t('inAllBooksWhy')}
        checked={isAlike}
        onChange={(event) => onAlike(event.currentTarget.checked)}
      />
    </Stack>
  )
}

interface HeadsProps {
  readonly survivor: string
  readonly loser: string
  readonly isChosen: boolean
}

function Heads({ survivor, loser, isChosen }: HeadsProps) {
  const { t } = useTranslation('duplicates')
  return (
    <Table.Thead>
      <Table.Tr>
        <Table.Th scope="col" w={130}>
          {t('field')}
        </Table.Th>
        <Table.Th scope="col">{t('stays', { name: survivor })}</Table.Th>
        <Table.Th scope="col">{t('goes', { name: loser })}</Table.Th>
        {isChosen && (
          <Table.Th scope="col" w={170}>
            {t('keep')}
          </Table.Th>
        )}
      </Table.Tr>
    </Table.Thead>
  )
}

interface FieldRowProps {
  readonly field: MergePreview['fields'][number]
  /** Undefined where there is nothing to choose. */
  readonly chosen: Choice | undefined
  readonly onChoose: (choice: Choice) => void
}

function FieldRow({ field, chosen, onChoose }: FieldRowProps) {
  const { t } = useTranslation('duplicates')
  const name = fieldName(field.name, t)
  return (
    <Table.Tr>
      <Table.Th scope="row">{name}</Table.Th>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        <Values values={field.survivor} />
      </Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        <Values values={field.loser} />
      </Table.Td>
      {chosen && (
        <Table.Td>
          <Radio.Group
            label={<VisuallyHidden>{name}</VisuallyHidden>}
            value={chosen}
            onChange={(value) => onChoose(value as Choice)}
          >
            <Stack gap={6}>
              {field.choices.map((choice) => (
                <Radio key={choice} value={choice} size="sm" label={t(`choices.${choice}`)} />
              ))}
            </Stack>
          </Radio.Group>
        </Table.Td>
      )}
    </Table.Tr>
  )
}

function Values({ values }: { readonly values: MergePreview['fields'][number]['survivor'] }) {
  const { t } = useTranslation('duplicates')
  return values.map(({ value, isMedia, label, types }) => (
    <Text key={`${value} ${label} ${types.join()}`} size="sm">
      {isMedia ? t('media') : value}
      {label !== null && ` (${label})`}
    </Text>
  ))
}

const named = new Set('FN N TEL EMAIL ADR ORG TITLE URL BDAY NOTE PHOTO NICKNAME CATEGORIES'.split(' '))

/** A property in words; one that has none by its name. */
function fieldName(name: string, t: (key: string) => string): string {
  return named.has(name) ? t(`fields.${name}`) : name
}
