import { IconSitemap } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Party } from '../person.ts'
import { FactList, type FactPlace } from './fact-list.tsx'
import { type FactChange, newId, todayHere, useFacts, withItem } from './facts.ts'
import { type Bond, LinkForm, noBond, type OrgLink } from './link-form.tsx'
import { PartyLink } from './party-link.tsx'
import { useSpan } from './span.ts'

/** What a company is part of, and what is part of it, edited in place. */
export function Hierarchy({ party }: { readonly party: Party }) {
  const { t } = useTranslation('person')
  const span = useSpan()
  const facts = useFacts(party)
  const changes = useLinkChanges(party)
  const links: PlacedLink[] = [
    ...party.above.map((link) => ({ ...link, side: 'above' as const })),
    ...party.below.map((link) => ({ ...link, side: 'below' as const })),
  ]
  return (
    <FactList
      {...{ party, facts, changes }}
      title={t('sections.hierarchy')}
      addLabel={t('beside.addCompany')}
      icon={IconSitemap}
      items={links}
      row={({ side, kind, organisation, from, until }) => ({
        label: side === 'above' ? t('partOf') : t(`links.${kind}`),
        name: organisation.name,
        isOver: until !== null,
        content: (
          <>
            <PartyLink to={organisation} /> {span(from, until)}
          </>
        ),
      })}
      form={(link, { of, typed, close, reopen }: FactPlace<Bond>) => (
        <LinkForm
          key={link?.id ?? newId}
          {...{ party, of, typed }}
          bond={link ?? noBond}
          isNew={link === undefined}
          onCancel={close}
          onSave={(bond) => {
            facts.make({ ...changes.save(link, bond), reopen: () => reopen(bond) })
            close()
          }}
        />
      )}
    />
  )
}

type PlacedLink = OrgLink & { readonly side: Side }
type Side = Bond['side']

/** Changes of what is part of what, with how they will look. What is below says it of itself. */
function useLinkChanges(party: Party) {
  const { t } = useTranslation('person')
  const span = useSpan()
  const change = (
    { side, id, childId }: { readonly side: Side; readonly id: number; readonly childId: number },
    next: OrgLink | undefined,
    sent: Pick<FactChange, 'method' | 'body'>,
    said: string,
  ): FactChange => ({
    ...sent,
    path: `/${childId}/parents${id === newId ? '' : `/${id}`}`,
    update: (seen) => ({ ...seen, [side]: withItem(seen[side], id, next) }),
    tell: (seen) => {
      const one = seen[side].find((link) => link.id === id)
      if (!one) return ''
      const parts = [t(`links.${one.kind}`), one.organisation.name, span(one.from, one.until)]
      return parts.filter((part) => part !== '').join(' · ')
    },
    said,
  })
  const placeOf = ({ id, organisation }: OrgLink, side: Side) => ({
    ...{ side, id },
    childId: side === 'above' ? party.id : organisation.id,
  })
  return {
    save: (before: OrgLink | undefined, { side, organisation, kind, from, until }: Bond): FactChange => {
      const id = organisation?.id ?? 0
      const next: OrgLink = {
        ...{ id: before?.id ?? newId, kind, from, until },
        organisation: { id, name: organisation?.name ?? '', kind: 'org' },
      }
      const said = { kind, from, until }
      const body = before ? said : { ...said, organisation: side === 'above' ? id : party.id }
      return change(placeOf(next, side), next, { method: before ? 'PATCH' : 'POST', body }, t('saved'))
    },
    end: ({ side, ...link }: PlacedLink): FactChange => {
      const until = todayHere()
      const sent = { method: 'PATCH', body: { until } } as const
      return change(placeOf(link, side), { ...link, until }, sent, t('beside.ended'))
    },
    remove: ({ side, ...link }: PlacedLink): FactChange =>
      change(placeOf(link, side), undefined, { method: 'DELETE' }, t('valueRemoved')),
  }
}
