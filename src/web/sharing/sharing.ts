import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { grantPage, newGrant } from '../../features/grants/schema.ts'
import type { principalList } from '../../features/principals/schema.ts'
import type { shareList } from '../../features/sharing/schema.ts'
import { get, send, type Tagged } from '../client/api.ts'
import { readAll } from '../client/pages.ts'
import type { Masks } from './hiding.ts'

export type Grant = z.infer<typeof grantPage>['items'][number]
export type Share = z.infer<typeof shareList>['shares'][number]
export type Access = Share['access']
export type Principal = z.infer<typeof principalList>['items'][number]
/** What is shared. */
export type What = z.input<typeof newGrant>['what']

/** Somebody who has what is shared: by a grant, or as the whole of a collection. */
export interface Given {
  readonly id: number
  readonly how: 'grant' | 'share'
  readonly who: Grant['with']
  readonly access: Access
  readonly masks: Masks
  readonly state: Share['state']
  readonly etag: string | undefined
}

export const grantsKey = ['grants', 'given'] as const
export const shareKey = ['shares'] as const
/** Begins of the keys of what shows who has what. */
export const sharedKeys = [['grants'], shareKey, ['books'], ['party']] as const

/** With whom something of one's own is shared. */
export function useGiven(what: What) {
  const grants = useQuery({
    queryKey: [...grantsKey, what],
    queryFn: ({ signal }) => grantsOf(what, signal),
  })
  const shares = useQuery({
    queryKey: shareKey,
    enabled: what.kind === 'book',
    queryFn: ({ signal }) => get<z.infer<typeof shareList>>('/shares', signal),
  })
  const isPending = grants.isPending || (what.kind === 'book' && shares.isPending)
  const given = [
    ...(what.kind === 'book' ? (shares.data?.shares ?? []) : [])
      .filter(({ collection: { kind, name } }) => kind === 'addressbook' && name === bookOf(what))
      .map(givenShare),
    ...(grants.data ?? []).filter((grant) => isOf(grant, what)).map(givenGrant),
  ]
  return {
    given,
    isPending,
    error: grants.error ?? shares.error,
    again: () => void (grants.error ? grants : shares).refetch(),
  }
}

/** Whom this is given to; of a label, in whatever book. */
function grantsOf(what: What, signal: AbortSignal): Promise<readonly Grant[]> {
  const asked = Object.entries(what).map(([key, value]) => [key, String(value)])
  return readAll<Grant>('/grants', Object.fromEntries(asked), signal)
}

function bookOf(what: What): string | undefined {
  return what.kind === 'book' ? what.book : undefined
}

function isOf({ what: given }: Grant, what: What): boolean {
  switch (what.kind) {
    case 'person':
      return given.kind === 'person' && given.party === what.party
    case 'label':
      return given.kind === 'label' && given.label === what.label && given.book === what.book
    case 'list':
      return given.kind === 'list' && given.list === what.list
    case 'book':
      return given.kind === 'book' && given.book === what.book
    default:
      return what satisfies never
  }
}

export function givenGrant({ id, with: who, access, masks, version }: Grant): Given {
  return { id, how: 'grant', who, access, masks, state: undefined, etag: `"${version}"` }
}

function givenShare({ id, with: who, access, state }: Share): Given {
  return { id, how: 'share', who, access, masks: [], state, etag: undefined }
}

/** What somebody is to have of it. */
export interface Wish {
  readonly who: string
  readonly access: Access
  readonly masks: Masks
}

/** A book of which nothing is hidden is shared as it is, all else as copies. @throws ApiError, TypeError */
export function give(what: What, { who, access, masks }: Wish): Promise<Tagged<unknown>> {
  if (what.kind === 'book' && masks.length === 0)
    return send('POST', '/shares', { body: { collection: what.book, with: who, access } })
  const plain = access === 'read' ? 'read' : 'read-write'
  return send('POST', '/grants', { body: { what, with: who, access: plain, masks } })
}

/** @throws ApiError, TypeError */
export function end({ how, id }: Given): Promise<Tagged<undefined>> {
  return send('DELETE', `/${how}s/${id}`)
}

/** What is seen or done of it is otherwise from now on. @returns the requests, the last first @throws ApiError, TypeError */
export async function changeGiven(
  what: What,
  given: Given,
  { access, masks }: Pick<Wish, 'access' | 'masks'>,
  etag: string | undefined,
): Promise<Tagged<readonly string[]>> {
  const isShare = what.kind === 'book' && masks.length === 0
  if (isShare !== (given.how === 'share')) {
    // The other is there before the one is gone: nobody is without it meanwhile.
    const made = await give(what, { who: given.who.name, access, masks })
    return requestsOf(await end(given), made)
  }
  if (given.how === 'share')
    return requestsOf(await send('PATCH', `/shares/${given.id}`, { body: { access } }))
  return requestsOf(await send('PATCH', `/grants/${given.id}`, { body: { access, masks }, etag }))
}

function requestsOf(...answers: readonly [Tagged<unknown>, ...Tagged<unknown>[]]): Tagged<readonly string[]> {
  return { ...answers[0], data: answers.flatMap(({ request }) => request ?? []) }
}

/** Whom one may share with, by a part of the name or of the mail address. */
export function usePrincipals(text: string, { isWanted = true }: { readonly isWanted?: boolean } = {}) {
  return useQuery({
    queryKey: ['principals', text],
    enabled: isWanted,
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ q: text, kinds: 'user,group' })
      return get<z.infer<typeof principalList>>(`/principals?${query}`, signal)
    },
    select: ({ items }) => items,
    placeholderData: keepPreviousData,
  })
}
