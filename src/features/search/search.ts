import { type SearchRow, type Sought, searchRows, waitingRows } from '../../../storage/search/candidates.ts'
import type { Reader } from '../../../storage/store.ts'
import { beginningSteps, idsOfBeginnings, idsOfParts, idsOfTypos } from './candidates.ts'
import { type Query, readQuery } from './query.ts'
import { costs, type Ranked, rank } from './rank.ts'
import { foldText } from './words.ts'

export interface SearchRequest extends Sought {
  readonly text: string
  readonly limit: number
  /** The calling code of numbers that have none, or ''. */
  readonly country: string
  /** Takes away what whoever searches may not see after all, and what is there twice. */
  readonly seen?: ((rows: readonly Ranked[]) => Promise<readonly Ranked[]>) | undefined
}

/**
 * What fits best to a text: first what begins with it, then what holds it, then what differs from it by typing mistakes; each
 * step only where those before have not found enough.
 */
export async function search(reader: Reader, request: SearchRequest): Promise<Ranked[]> {
  const { scopes, limit, text, country, seen = async (rows) => rows } = request
  const query = readQuery(text, country)
  if (!query || scopes.length === 0) return []
  const known = new Map<number, Ranked>()
  const looked = new Set<number>()
  const judge = (rows: readonly SearchRow[], forgiving: boolean): void => {
    for (const row of rows) {
      const ranked = rank(row, query, forgiving)
      if (ranked) known.set(row.id, ranked)
    }
  }
  const take = async (ids: readonly number[], forgiving: boolean): Promise<void> => {
    const news = ids.filter((id) => !looked.has(id) || (forgiving && !known.has(id)))
    for (const id of news) looked.add(id)
    judge(await searchRows(reader, request, [...new Set(news)]), forgiving)
  }
  const best = async (): Promise<readonly Ranked[]> => seen(inOrder(known.values()))
  const waiting = await waitingRows(reader, request)
  judge(waiting, false)
  let found: readonly Ranked[] = []
  for (let step = 0; step < beginningSteps && found.length < limit; step++) {
    await take(await idsOfBeginnings(reader, scopes, query, { step, limit }), false)
    found = await best()
  }
  if (found.length < limit) {
    await take(await idsOfParts(reader, scopes, query), false)
    found = await best()
  }
  if (found.length < limit && mayBeMistaken(query, found)) {
    judge(
      waiting.filter(({ id }) => !known.has(id)),
      true,
    )
    await take(await idsOfTypos(reader, scopes, query), true)
    found = await best()
  }
  return found.slice(0, limit)
}

/** Who has typed several words of what is there, or a mail address, has made no mistake; one word may be another name's too. */
function mayBeMistaken({ forms: [{ text, words }] }: Query, [first]: readonly Ranked[]): boolean {
  if (text.includes('@')) return false
  return words.length === 1 || first === undefined || first.cost >= costs.word
}

/** The best first; what fits equally in the order of names. */
function inOrder(found: Iterable<Ranked>): Ranked[] {
  const all = [...found].map((ranked) => ({ ranked, title: foldText(ranked.row.title) }))
  all.sort(
    (one, other) =>
      one.ranked.cost - other.ranked.cost ||
      (one.title < other.title ? -1 : one.title > other.title ? 1 : one.ranked.row.id - other.ranked.row.id),
  )
  return all.map(({ ranked }) => ranked)
}
