import { type KeyboardEvent, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Face } from '../../ui/face.tsx'
import { Empty, Failed, Loading } from '../../ui/states.tsx'
import { type Hit, useHits } from './search.ts'

interface HitsProps {
  readonly q: string
  readonly chosen: number | undefined
  readonly search: string
  /** How many there are, where these are all. */
  readonly onCount: (found: number | undefined) => void
}

const most = 50

/** Who is found, the best first, and why. */
export function Hits({ q, chosen, search, onCount }: HitsProps) {
  const { t } = useTranslation('contacts')
  const { data, error, isPending, refetch, isPlaceholderData } = useHits(q, {
    kinds: 'person,org',
    limit: most,
  })
  const found = data?.items.length
  useEffect(() => onCount(found === most ? undefined : found), [found, onCount])
  if (error)
    return (
      <div className="hits">
        <Failed error={error} again={() => void refetch()} />
      </div>
    )
  if (isPending) return <Loading />
  if (data.items.length === 0)
    return (
      <div className="hits" aria-busy={isPlaceholderData}>
        <Empty text={t('nobodyFound')} />
      </div>
    )
  return (
    <div className="people-frame">
      <ul className="hits" aria-label={t('found')} aria-busy={isPlaceholderData}>
        {data.items.map((hit) => (
          <li
            key={`${hit.partyId} ${hit.cardId}`}
            className="person-row"
            data-open={hit.partyId === chosen || undefined}
          >
            <Link
              href={`/contacts/${hit.partyId}${search}`}
              className="person-link"
              aria-current={hit.partyId === chosen ? 'true' : undefined}
              onKeyDown={walk}
            >
              <Face name={hit.title} size={36} isCompany={hit.kind === 'org'} />
              <span className="person-name">
                <span className="cut">
                  {hit.match.text === hit.title ? <Marked {...hit.match} /> : hit.title}
                </span>
                <Second {...hit} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Why somebody is found; where the name says that, what tells them from others of that name. */
function Second({ about, match }: Hit) {
  if (match.field === 'name' && about === null) return null
  return <span className="cut person-job">{match.field === 'name' ? about : <Marked {...match} />}</span>
}

/** Arrows go from one to the next. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' } as const
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  event.preventDefault()
  event.currentTarget.closest('li')?.[step[event.key]]?.querySelector('a')?.focus()
}

/** A text with what was found in it. */
export function Marked({ text, marks }: Hit['match']) {
  const parts: { readonly text: string; readonly isFound: boolean; readonly at: number }[] = []
  let end = 0
  for (const [from, to] of marks) {
    parts.push({ text: text.slice(end, from), isFound: false, at: end })
    parts.push({ text: text.slice(from, to), isFound: true, at: from })
    end = to
  }
  parts.push({ text: text.slice(end), isFound: false, at: end })
  return parts
    .filter((part) => part.text !== '')
    .map((part) =>
      part.isFound ? <mark key={part.at}>{part.text}</mark> : <span key={part.at}>{part.text}</span>,
    )
}
