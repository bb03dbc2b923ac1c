import type { Query, QueryKey } from '@tanstack/react-query'
import { ApiError } from './api.ts'
import { queryClient } from './query.ts'

/**
 * What was seen last, kept in this browser for the time without a line: of whoever is signed in alone, until he signs out or is
 * signed out. Only what pages show is kept, never what changes carry.
 */
const [database, table] = ['farley', 'seen']

/** What is kept, by the first word of its key. */
const kept = new Set(
  'session capabilities parties letters party card labels lists books calendars events event tasks'.split(
    ' ',
  ),
)
/** So long it is kept, and so many answers at most. */
const [keptMs, keptAnswers] = [7 * 86_400_000, 600]
/** So long changes are gathered before they are written. */
const gatherMs = 1_000

interface Row {
  readonly hash: string
  readonly account: number
  readonly key: QueryKey
  readonly data: unknown
  readonly at: number
}

let account: number | undefined
const waiting = new Map<string, Query>()

/** From now on what this account sees is kept; what another saw is gone. */
export async function keepFor(id: number): Promise<void> {
  account = id
  const eldest = Date.now() - keptMs
  const rows = (await all()).toSorted((one, other) => other.at - one.at)
  const gone = rows.filter((row, at) => row.account !== id || row.at < eldest || at >= keptAnswers)
  await change((store) => {
    for (const { hash } of gone) store.delete(hash)
  })
}

/** Nothing is kept any more, of anybody. */
export async function forgetSeen(): Promise<void> {
  account = undefined
  waiting.clear()
  await change((store) => store.clear())
}

/** Whoever was signed in last, after all that he saw has been put back; undefined where nothing is kept. */
export async function recall<T extends { readonly account: { readonly id: number } }>(
  sessionKey: QueryKey,
): Promise<T | undefined> {
  const rows = (await all()).filter(({ at }) => at > Date.now() - keptMs)
  const word = JSON.stringify(sessionKey)
  const session = rows.find(({ key }) => JSON.stringify(key) === word)?.data as T | undefined
  if (!session) return undefined
  for (const { account: whose, key, data, at } of rows) {
    if (whose !== session.account.id || JSON.stringify(key) === word) continue
    const options = { queryKey: key, gcTime: Number.POSITIVE_INFINITY }
    const query = queryClient.getQueryCache().build(queryClient, options)
    if (query.state.dataUpdatedAt < at) query.setData(data, { updatedAt: at, manual: true })
  }
  return session
}

queryClient.getQueryCache().subscribe(({ type, query }) => {
  if (type !== 'updated' || account === undefined || !kept.has(String(query.queryKey[0]))) return
  const { status, error, fetchStatus } = query.state
  const isRefused = error instanceof ApiError && error.status < 500
  if (fetchStatus !== 'idle' || (status !== 'success' && !isRefused)) return
  if (waiting.size === 0) window.setTimeout(() => void write(), gatherMs)
  waiting.set(query.queryHash, query)
})

async function write(): Promise<void> {
  const queries = [...waiting.values()]
  waiting.clear()
  const whose = account
  if (whose === undefined) return
  await change((store) => {
    for (const { queryHash: hash, queryKey: key, state } of queries) {
      // What may be read no more is not kept either.
      if (state.error !== null) store.delete(hash)
      else store.put({ hash, account: whose, key, data: withoutToken(state.data), at: state.dataUpdatedAt })
    }
  })
}

/** A token is good for changes alone, and those need the server. */
function withoutToken(data: unknown): unknown {
  return typeof data === 'object' && data !== null && 'csrfToken' in data
    ? { ...data, csrfToken: null }
    : data
}

/** A browser that keeps nothing, as some do in private windows, shows nothing without a line. */
async function change(make: (store: IDBObjectStore) => void): Promise<void> {
  try {
    const opened = await open()
    const work = opened.transaction(table, 'readwrite')
    make(work.objectStore(table))
    await new Promise<void>((resolve, reject) => {
      work.oncomplete = () => resolve()
      work.onabort = () => reject(work.error)
    })
    opened.close()
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
  }
}

async function all(): Promise<readonly Row[]> {
  try {
    const opened = await open()
    const rows = await resultOf<Row[]>(opened.transaction(table).objectStore(table).getAll())
    opened.close()
    return rows
  } catch (error) {
    if (error instanceof DOMException) return []
    throw error
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(database, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(table, { keyPath: 'hash' })
  return resultOf(request)
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
