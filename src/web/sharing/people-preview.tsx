import { Divider, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { partyPage } from '../../features/facts/schema.ts'
import { get } from '../client/api.ts'
import { none, useBooks } from '../contacts/list/sides.ts'
import { type Book, useCards } from '../person/person.ts'
import { FailedPart } from '../ui/states.tsx'
import type { Masks } from './hiding.ts'
import { SeenCard } from './person/card-preview.tsx'
import type { What } from './sharing.ts'

/** So many people stand for all. */
const mostShown = 3
/** Those who are looked through for some of one's own books: of others nothing is shared. */
const mostRead = 50

interface PeoplePreviewProps {
  readonly what: What
  readonly masks: Masks
}

/** Some of those whom a label, a list or a book has, as they will be seen with whom it is shared so. */
export function PeoplePreview({ what, masks }: PeoplePreviewProps) {
  const { t } = useTranslation('sharing')
  const { ids, asked } = useFirstCards(what)
  const { cards, failed } = useCards(ids)
  const missing = [...asked, ...failed]
  if (cards.length === 0) return <FailedPart of={missing} />
  return (
    <Stack component="section" gap={4} aria-label={t('preview')}>
      <Text size="sm" fw={600}>
        {t('preview')}
      </Text>
      <FailedPart of={missing} />
      {cards.map((card, index) => (
        <Fragment key={card.id}>
          {index > 0 && <Divider my={4} />}
          <SeenCard card={card} masks={masks} />
        </Fragment>
      ))}
    </Stack>
  )
}

/** Cards in one's own books of the first whom something has. */
function useFirstCards(what: What) {
  const books = useBooks()
  const own = (books.data ?? none).filter(({ isOwn }) => isOwn)
  const path = pathOf(what, own)
  const first = useQuery({
    queryKey: ['parties', 'preview', path],
    enabled: path !== undefined,
    queryFn: ({ signal }) => get<z.infer<typeof partyPage>>(path ?? '', signal),
    select: ({ items }) => items,
  })
  const places = new Set(own.map(({ id }) => id))
  const found = (first.data ?? []).flatMap(
    ({ cards }) => cards.find(({ book }) => places.has(book))?.id ?? [],
  )
  return { ids: found.slice(0, mostShown), asked: [books, first] }
}

function pathOf(what: What, own: readonly Book[]): string | undefined {
  const limit = String(mostRead)
  if (what.kind === 'list') return `/lists/${what.list}/members?limit=${limit}`
  if (what.kind === 'label') return `/parties?${new URLSearchParams({ label: what.label, limit })}`
  const book = what.kind === 'book' ? own.find(({ name }) => name === what.book) : undefined
  return book && `/parties?${new URLSearchParams({ book: String(book.id), limit })}`
}
