import { Badge, Text } from '@mantine/core'
import { IconBriefcase } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Fact } from '../fact.tsx'
import type { Party } from '../person.ts'
import { Section } from '../section.tsx'
import { PartyLink } from './party-link.tsx'
import { useSpan } from './span.ts'

/** Where somebody works and worked. */
export function Memberships({ party }: { readonly party: Party }) {
  const { t } = useTranslation('person')
  const span = useSpan()
  if (party.memberships.length === 0) return null
  return (
    <Section title={t('sections.work')}>
      <ul className="facts">
        {party.memberships.map(({ id, organisation, organisationName, from, until, ...job }, index) => (
          <Fact
            key={id}
            icon={index === 0 ? IconBriefcase : undefined}
            label={job.title || job.role || t('job')}
          >
            <PartyLink to={organisation} name={organisationName} />
            {job.isPrimary && party.memberships.length > 1 && (
              <Badge size="sm" variant="default" ms={6}>
                {t('primary')}
              </Badge>
            )}
            <Text size="sm" c="dimmed">
              {[job.department, job.title === '' ? '' : job.role, span(from, until)]
                .filter((part) => part !== '')
                .join(' · ')}
            </Text>
          </Fact>
        ))}
      </ul>
    </Section>
  )
}
