import { Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { IconArrowsLeftRight } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Dialog } from '../ui/dialog/dialog.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { ComparedFields } from './compared-fields.tsx'
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
      <ComparedFields
        names={[survivor.name, loser.name]}
        fields={differing}
        choices={isChosen ? choices : undefined}
        onChoose={(field, choice) => setChoices({ ...choices, [field]: choice })}
      />
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
