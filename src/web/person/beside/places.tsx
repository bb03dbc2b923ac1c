import { Text } from '@mantine/core'
import { IconAddressBook } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { PlaceActions } from '../../books/place-actions.tsx'
import { useDates } from '../../ui/dates.ts'
import { Fact } from '../fact.tsx'
import type { Party } from '../person.ts'
import { Section } from '../section.tsx'

/** The address books that somebody stands in, and since when he is known. */
export function Places({ party }: { readonly party: Party }) {
  const { t } = useTranslation('person')
  const { day } = useDates()
  return (
    <Section title={t('sections.books')}>
      <ul className="facts">
        {party.cards.map((place, index) => (
          <Fact
            key={place.id}
            icon={index === 0 ? IconAddressBook : undefined}
            label={place.book.isMine ? t('ownBook') : t('sharedBook')}
            tools={<PlaceActions party={party} place={place} />}
          >
            {place.book.displayName}
            {!place.mayWrite && (
              <Text span size="sm" c="dimmed">
                {` ${t('readOnly')}`}
              </Text>
            )}
          </Fact>
        ))}
      </ul>
      <Text size="xs" c="dimmed">
        {t('knownSince', {
          created: day(party.createdAt),
          changed: day(party.changedAt),
        })}
      </Text>
    </Section>
  )
}
