import { Badge, Text } from '@mantine/core'
import { IconBriefcase } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Party } from '../person.ts'
import { FactList, type FactPlace } from './fact-list.tsx'
import { type FactChange, newId, todayHere, useFacts, withItem } from './facts.ts'
import { type Job, type Membership, MembershipForm, noJob } from './membership-form.tsx'
import { PartyLink } from './party-link.tsx'
import { useSpan } from './span.ts'
import { Suggestions } from './suggestions.tsx'

/** Where somebody works and worked, edited in place. */
export function Memberships({ party }: { readonly party: Party }) {
  const { t } = useTranslation('person')
  const facts = useFacts(party)
  const changes = useMembershipChanges(party)
  const { memberships } = party
  if (memberships.length === 0 && party.kind === 'org') return null
  return (
    <FactList
      {...{ party, facts, changes }}
      title={t('sections.work')}
      addLabel={t('beside.addJob')}
      icon={IconBriefcase}
      items={memberships}
      row={(one) => ({
        label: one.title || one.role || t('job'),
        name: one.organisation?.name ?? (one.organisationName || one.title),
        isOver: one.until !== null,
        content: <MembershipText membership={one} isOne={memberships.length === 1} />,
      })}
      form={(one, { of, typed, close, reopen }: FactPlace<Job>) => (
        <MembershipForm
          key={one?.id ?? newId}
          {...{ party, of, typed }}
          job={one ? jobOf(one) : noJob}
          onCancel={close}
          onSave={(job) => {
            facts.make({ ...changes.save(one, job), reopen: () => reopen(job) })
            close()
          }}
        />
      )}
    >
      <Suggestions party={party} kind="employer" />
    </FactList>
  )
}

interface MembershipTextProps {
  readonly membership: Membership
  readonly isOne: boolean
}

function MembershipText({ membership, isOne }: MembershipTextProps) {
  const { t } = useTranslation('person')
  const span = useSpan()
  const { organisation, organisationName, department, title, role, from, until, isPrimary } = membership
  return (
    <>
      <PartyLink to={organisation} name={organisationName} />
      {isPrimary && !isOne && (
        <Badge size="sm" variant="default" ms={6}>
          {t('primary')}
        </Badge>
      )}
      <Text size="sm" c="dimmed">
        {[department, title === '' ? '' : role, span(from, until)].filter((part) => part !== '').join(' · ')}
      </Text>
    </>
  )
}

function jobOf({ organisation, organisationName, id: _id, ...said }: Membership): Job {
  const named = organisation ?? (organisationName === '' ? undefined : { id: null, name: organisationName })
  return { ...said, organisation: named && { id: named.id, name: named.name } }
}

/** Changes of jobs, with how they will look. */
function useMembershipChanges(party: Party) {
  const { t } = useTranslation('person')
  const text = useJobText()
  const path = `/${party.id}/memberships`
  const change = (
    id: number,
    next: Membership | undefined,
    sent: Pick<FactChange, 'method' | 'body'>,
    said: string,
  ): FactChange => ({
    ...sent,
    path: id === newId ? path : `${path}/${id}`,
    update: (seen) => ({
      ...seen,
      memberships: withItem(
        seen.memberships.map((one) =>
          next?.isPrimary && one.id !== id ? { ...one, isPrimary: false } : one,
        ),
        id,
        next,
      ),
    }),
    tell: (seen) => text(seen.memberships.find((one) => one.id === id)),
    said,
  })
  return {
    save: (before: Membership | undefined, job: Job): FactChange => {
      const { organisation, ...said } = job
      const isKnown = typeof organisation?.id === 'number'
      const named = isKnown
        ? { organisation: organisation.id }
        : { ...(before && { organisation: null }), organisationName: organisation?.name ?? '' }
      const next: Membership = {
        ...said,
        id: before?.id ?? newId,
        organisation: isKnown ? { id: organisation.id ?? 0, name: organisation.name, kind: 'org' } : null,
        organisationName: organisation?.name ?? '',
      }
      const { isPrimary, ...rest } = said
      // The first is on the card by itself.
      const body = { ...named, ...rest, ...((isPrimary || before) && { isPrimary }) }
      return change(next.id, next, { method: before ? 'PATCH' : 'POST', body }, t('saved'))
    },
    end: (one: Membership): FactChange => {
      const until = todayHere()
      return change(one.id, { ...one, until }, { method: 'PATCH', body: { until } }, t('beside.ended'))
    },
    remove: (one: Membership): FactChange =>
      change(one.id, undefined, { method: 'DELETE' }, t('valueRemoved')),
  }
}

/** A job in one line. */
function useJobText(): (one: Membership | undefined) => string {
  const { t } = useTranslation('person')
  const span = useSpan()
  return (one) => {
    if (!one) return ''
    const { organisation, organisationName, title, department, role, from, until, isPrimary } = one
    const company = organisation?.name ?? organisationName
    return [company, title, department, role, span(from, until), isPrimary ? t('primary') : '']
      .filter((part) => part !== '')
      .join(' · ')
  }
}
