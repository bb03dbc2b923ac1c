import { Text } from '@mantine/core'
import { IconUsers } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useWords } from '../card/words.ts'
import { Fact } from '../fact.tsx'
import type { Party } from '../person.ts'
import { Section } from '../section.tsx'
import { PartyLink } from './party-link.tsx'
import { useSpan } from './span.ts'

/** Who others are to somebody. */
export function Relations({ party }: { readonly party: Party }) {
  const { t } = useTranslation('person')
  const { word } = useWords()
  const span = useSpan()
  if (party.relations.length === 0) return null
  return (
    <Section title={t('sections.relations')}>
      <ul className="facts">
        {party.relations.map(({ id, type, other, name, since, until }, index) => (
          <Fact key={id} icon={index === 0 ? IconUsers : undefined} label={word(type)}>
            <PartyLink to={other} name={name} />
            <Text size="sm" c="dimmed">
              {span(since, until)}
            </Text>
          </Fact>
        ))}
      </ul>
    </Section>
  )
}
