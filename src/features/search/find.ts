import type { SearchKind } from '../../../storage/search/documents.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import type { SearchField, StoredField } from './fields.ts'
import { type Identity, identify } from './identify.ts'
import type { Ranked } from './rank.ts'
import { type Findable, findable, scopesOf } from './reach.ts'
import { type SearchHit, searchKinds } from './schema.ts'
import { search } from './search.ts'
import { snippetOf } from './snippet.ts'

export interface FindRequest {
  readonly text: string
  readonly kinds?: readonly SearchHit['kind'][] | undefined
  readonly limit: number
}

/** What a session finds: only what it reads, each person once, and why. */
export async function findAll(
  services: Pick<Services, 'store' | 'settings' | 'now' | 'newId'>,
  session: Session,
  { text, kinds = searchKinds, limit }: FindRequest,
): Promise<SearchHit[]> {
  const there = await findable(services, session)
  const sought = new Set<SearchKind>(kinds)
  if (sought.has('person') || sought.has('org')) sought.add('value')
  const scopes = scopesOf(there, sought)
  return services.store.read(async (reader) => {
    const known = new Map<number, Identity>()
    const seen = async (rows: readonly Ranked[]): Promise<readonly Ranked[]> =>
      (await eachOnce(reader, there, rows, known)).filter(({ row }) => isOneOf(known.get(row.id), kinds))
    const { country } = services.settings.people
    const asked = { text, limit, scopes, country, seen }
    const found = await search(reader, { ...asked, kinds: [...sought] })
    return found.flatMap((ranked) => {
      const identity = known.get(ranked.row.id)
      return identity ? [shown(ranked, identity)] : []
    })
  })
}

/** The best of each person's cards, and one's own before copies of it. */
async function eachOnce(
  reader: Reader,
  there: Findable,
  rows: readonly Ranked[],
  known: Map<number, Identity>,
): Promise<readonly Ranked[]> {
  const news = rows.map(({ row }) => row).filter(({ id }) => !known.has(id))
  for (const [id, identity] of await identify(reader, there, news)) known.set(id, identity)
  const taken = new Map<string, Ranked>()
  for (const ranked of rows) {
    const identity = known.get(ranked.row.id)
    if (!identity) continue
    const { key, partyId } = identity
    const other = taken.get(key)
    const isBetter = other && partyId !== null && known.get(other.row.id)?.partyId === null
    if (!other || isBetter) taken.set(key, ranked)
  }
  const kept = new Set(taken.values())
  return rows.filter((ranked) => kept.has(ranked))
}

function isOneOf(identity: Identity | undefined, kinds: readonly SearchHit['kind'][]): boolean {
  return identity !== undefined && kinds.includes(identity.kind)
}

function shown(ranked: Ranked, { key: _, ...identity }: Identity): SearchHit {
  const { row, field } = ranked
  const { text, marks } = snippetOf(ranked)
  const match = { field, text, marks: marks.map(([from, to]): [number, number] => [from, to]) }
  return { ...identity, title: row.title, about: aboutOf(row), match }
}

/**
 * What tells somebody from others of the same name: job and company, else an address or a number, of what is seen of the
 * card. Null of anything but people and companies, and where there is nothing.
 */
function aboutOf({ kind, texts }: Ranked['row']): string | null {
  if (kind !== 'person' && kind !== 'org') return null
  const fields = JSON.parse(texts) as readonly StoredField[]
  const first = (...sought: readonly SearchField[]): string[] =>
    sought.flatMap((name) => fields.find(([field]) => field === name)?.[1] ?? [])
  const work = kind === 'person' ? first('title', 'company') : []
  const [said = null] = work.length > 0 ? [work.join(' · ')] : first('email', 'phone', 'address')
  return said
}
