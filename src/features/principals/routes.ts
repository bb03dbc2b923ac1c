import { fold } from '../../../protocol/text/fold.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import { look, type Route } from '../../api/route.ts'
import { visiblePages } from '../rights/directory.ts'
import { principalList, principalsQuery } from './schema.ts'

/** Whom the caller may name, to share with or to ask: as far as the directory lets him see. */
export const principalRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/principals', summary: 'Who is here: people, groups, rooms', scope: 'none' },
    { query: principalsQuery, reply: principalList },
    async ({ store, session, query }) => {
      const { q, kinds, limit } = query
      const asked = fold(q.trim())
      const found: PrincipalRow[] = []
      for await (const page of visiblePages(store, session)) {
        const here = page.filter((own) => (!kinds || isAmong(own, kinds)) && isNamed(own, asked))
        found.push(...here)
        // Enough to choose from; the nearest names are not looked for among thousands.
        if (found.length >= limit) break
      }
      return { body: { items: found.slice(0, limit).map(shown) } }
    },
  ),
]

function isAmong({ kind }: PrincipalRow, kinds: readonly string[]): boolean {
  return kinds.includes(kind)
}

function isNamed({ name, displayName, email }: PrincipalRow, asked: string): boolean {
  return asked === '' || [name, displayName, email].some((text) => text && fold(text).includes(asked))
}

function shown({ id, name, displayName, kind, email }: PrincipalRow) {
  return { id, name, displayName: displayName || name, kind, email }
}
