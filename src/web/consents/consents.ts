import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { consent, consentChange, consentList, newConsent } from '../../features/consents/schema.ts'
import type { timelineEntry } from '../../features/timeline/schema.ts'
import { ApiError, read, send, type Tagged } from '../client/api.ts'
import { patch, useChange } from '../client/change.ts'
import { readAll } from '../client/pages.ts'

export type Consent = z.infer<typeof consent>
export type ConsentChange = z.input<typeof consentChange>
export type NewConsent = z.input<typeof newConsent>
type Consents = z.infer<typeof consentList>
type Entry = z.infer<typeof timelineEntry>

/** Stands for every channel, and for every purpose. */
export const any = 'any'
export const states = ['given', 'refused', 'withdrawn'] as const

const keyOf = (partyId: number) => ['party', partyId, 'consents'] as const

/** What somebody has agreed to, and the tag that a change of it names. */
export function useConsents(partyId: number) {
  return useQuery({
    queryKey: keyOf(partyId),
    queryFn: ({ signal }) => read<Consents>(`/parties/${partyId}/consents`, signal),
  })
}

/** What was said of consents, each time it was written down, the latest first. */
export function useConsentHistory(partyId: number, isAsked: boolean) {
  return useQuery({
    queryKey: ['party', partyId, 'consent-history'],
    enabled: isAsked,
    queryFn: ({ signal }) => readAll<Entry>(`/parties/${partyId}/timeline`, { sources: 'consents' }, signal),
  })
}

/** A new one, and what opens what was written once it was refused. */
type Added = NewConsent & Pick<Change, 'reopen'>

export function useNewConsent(partyId: number) {
  const { t } = useTranslation('consents')
  return useChange<Added, never, Consent>({
    send: ({ reopen: _, ...body }) => send('POST', `/parties/${partyId}/consents`, { body }),
    isEach: true,
    reopen: ({ reopen }) => reopen,
    keys: [['party', partyId], ['parties']],
    said: () => t('saved'),
  })
}

/** A change of one that was seen; null takes it away. */
export interface Change {
  readonly consent: Consent
  readonly change: ConsentChange | null
  readonly etag: string | undefined
  /** Opens what was written, once it was refused. */
  readonly reopen?: () => void
}

/** Says that it is different now; where somebody else said so meanwhile, `conflict` has both. */
export function useConsentChange(partyId: number) {
  const { t } = useTranslation('consents')
  const path = `/parties/${partyId}/consents`
  return useChange<Change, Consents, Consent | undefined>({
    send: (change, overruled) => sendChange(path, change, overruled),
    theirs: () => read<Consents>(path),
    isEach: true,
    reopen: ({ reopen }) => reopen,
    patches: ({ consent: { id }, change }) => [
      patch<Tagged<Consents>>(keyOf(partyId), (seen) => ({
        ...seen,
        data: { items: withChange(seen.data.items, id, change) },
      })),
    ],
    keys: [['party', partyId], ['parties']],
    said: ({ change }) => t(change === null ? 'removed' : 'saved'),
  })
}

function withChange(items: readonly Consent[], id: number, change: ConsentChange | null): Consent[] {
  if (change === null) return items.filter((one) => one.id !== id)
  return items.map((one) => (one.id === id ? ({ ...one, ...change } as Consent) : one))
}

/** So often what somebody else changed meanwhile is read again, where it is not this. */
const mostAttempts = 3

/** @throws ApiError 412 where somebody else changed the same */
async function sendChange(
  path: string,
  { consent: seen, change, etag: seenTag }: Change,
  overruled: string | undefined,
): Promise<Tagged<Consent | undefined>> {
  let etag = overruled ?? seenTag
  for (let attempt = 1; ; attempt += 1) {
    try {
      return change === null
        ? await send<undefined>('DELETE', `${path}/${seen.id}`, { etag })
        : await send<Consent>('PATCH', `${path}/${seen.id}`, { body: change, etag })
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 412 || attempt >= mostAttempts) throw error
      const now = await read<Consents>(path)
      const same = now.data.items.find(({ id }) => id === seen.id)
      if (overruled === undefined && JSON.stringify(same) !== JSON.stringify(seen)) throw error
      etag = now.etag
    }
  }
}

/**
 * The one that forbids what another allows: of what was said of the same channel and purpose, and of all of them, one no is
 * enough. It is how the server answers too.
 */
export function strongerThan(one: Consent, all: readonly Consent[]): Consent | undefined {
  if (one.state !== 'given' || !one.isInForce) return undefined
  return all.find(
    ({ state, isInForce, channel, purpose }) =>
      state !== 'given' &&
      isInForce &&
      [one.channel, any].includes(channel) &&
      [one.purpose.toLowerCase(), any].includes(purpose.toLowerCase()),
  )
}
