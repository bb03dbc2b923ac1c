import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { bookablePage, delegates, group } from '../../../features/accounts/admin-schema.ts'
import { get } from '../../client/api.ts'

export type Group = z.infer<typeof group>
export type Bookable = z.infer<typeof bookablePage>['items'][number]
export type Delegate = z.infer<typeof delegates>['delegates'][number]
/** An account, a group, a room or a resource. */
export type Named = Group['members'][number]
export type Kind = Named['kind']

/** What a part of the place is asked for at. */
export const pathOf = (kind: Kind, name = ''): string =>
  `/${kind === 'user' ? 'account' : kind}s${name === '' ? '' : `/${encodeURIComponent(name)}`}`

const most = '20'

/** Those of these kinds that are called so: whoever runs the place finds everybody, whatever the directory shows. */
export function useAnybody(text: string, kinds: readonly Kind[]) {
  return useQuery({
    queryKey: ['admin', 'anybody', text, kinds],
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({ limit: most, ...(text !== '' && { q: text }) })
      const pages = await Promise.all(
        kinds.map(async (kind) => {
          const path = `${pathOf(kind)}?${query}`
          const { items } = await get<{ items: Pick<Named, 'name' | 'displayName'>[] }>(path, signal)
          return items.map(({ name, displayName }): Named => ({ name, displayName, kind }))
        }),
      )
      return pages.flat()
    },
    placeholderData: keepPreviousData,
  })
}
