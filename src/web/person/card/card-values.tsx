import { Text } from '@mantine/core'
import { IconUser } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Fact } from '../fact.tsx'
import type { Card, Party } from '../person.ts'
import { Section } from '../section.tsx'
import { listOrder } from './lists.ts'
import { type Entry, entriesOf, type ListName } from './merged.ts'
import { onceSaid } from './one-each.ts'
import { ValueRow } from './value-row.tsx'

interface CardValuesProps {
  readonly party: Party
  readonly cards: readonly Card[]
}

/** Shown elsewhere: in the header, and among the jobs. */
const elsewhere = new Set<ListName>(['pronouns', 'related'])

/** All that the cards say, value by value. */
export function CardValues({ party, cards }: CardValuesProps) {
  const { t, i18n } = useTranslation('person')
  const shown = listOrder.filter((list) => !elsewhere.has(list) && !isJob(list, party))
  const entries = shown.flatMap((list) => entriesOf<ListName>(cards, list))
  const [first] = cards
  const others = [...new Set(cards.flatMap(({ details }) => details.others))]
  return (
    <Section title={t('sections.contact')}>
      <ul className="facts">
        {entries.map((entry, index) => (
          <ValueRow
            key={entry.id}
            entry={entry}
            isFirst={entries[index - 1]?.list !== entry.list}
            books={booksOf(entry, party)}
          />
        ))}
        {first &&
          onceSaid(first.details, t, i18n.language).map(({ what, text }, index) => (
            <Fact key={what} icon={index === 0 ? IconUser : undefined} label={t(`once.${what}`)}>
              {text}
            </Fact>
          ))}
      </ul>
      {others.length > 0 && (
        <Text size="xs" c="dimmed">
          {t('others', { names: others.join(', ') })}
        </Text>
      )}
    </Section>
  )
}

/** Jobs are shown with their times. */
function isJob(list: ListName, { memberships }: Party): boolean {
  return memberships.length > 0 && ['orgs', 'titles', 'roles'].includes(list)
}

/** The books of the cards where a value stands, unless it stands in all of them. */
export function booksOf(entry: Entry, { cards }: Party): string[] {
  if (entry.places.length >= cards.length) return []
  const at = new Set(entry.places.map(({ card }) => card.id))
  return cards.filter(({ id }) => at.has(id)).map(({ book }) => book.displayName)
}
