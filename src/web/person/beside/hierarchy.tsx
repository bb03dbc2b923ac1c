import { IconSitemap } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Fact } from '../fact.tsx'
import type { Party } from '../person.ts'
import { Section } from '../section.tsx'
import { PartyLink } from './party-link.tsx'
import { useSpan } from './span.ts'

/** What a company is part of, and what is part of it. */
export function Hierarchy({ party }: { readonly party: Party }) {
  const { t } = useTranslation('person')
  const span = useSpan()
  const links = [
    ...party.above.map((link) => ({ ...link, label: t('partOf') })),
    ...party.below.map((link) => ({ ...link, label: t(`links.${link.kind}`) })),
  ]
  if (links.length === 0) return null
  return (
    <Section title={t('sections.hierarchy')}>
      <ul className="facts">
        {links.map(({ id, label, organisation, from, until }, index) => (
          <Fact key={id} icon={index === 0 ? IconSitemap : undefined} label={label}>
            <PartyLink to={organisation} /> {span(from, until)}
          </Fact>
        ))}
      </ul>
    </Section>
  )
}
