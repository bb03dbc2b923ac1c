/** How far one feed has been read: the feed's id, and the last change number seen. */
export interface FeedPosition {
  readonly feed: number
  readonly change: number
}

export interface SyncToken {
  readonly epoch: string
  /** One for a collection; for a home its own feed first, then its children's. */
  readonly positions: readonly FeedPosition[]
}

/**
 * The feed, which none has, under which the token of a first sync that was cut says at which number that sync began:
 * the client knows nothing that was gone by then, so it needs no tombstone from before.
 */
export const beginning = 0

/** The feed, which none has, under which the token of another's home says what its reader may see and do there. */
export const sightOfHome = Number.MAX_SAFE_INTEGER

/**
 * A sync-token or ctag: a URI with letters and colons in it, as several clients insist (EVO-02, TSD-02, MIN-24).
 * @param epoch  letters, digits, `_` and `-`
 * @see RFC 6578 §3.2
 */
export function formatSyncToken(epoch: string, positions: readonly FeedPosition[]): string {
  return `${prefix}${epoch}:${positions.map(({ feed, change }) => `${feed}.${change}`).join('-')}`
}

/** Reads a token of ours, written as we write it; undefined for everything else, whatever it is (IOS-09). */
export function parseSyncToken(text: string): SyncToken | undefined {
  if (text.length > maxLength || !text.startsWith(prefix)) return undefined
  const [epoch = '', list = '', ...rest] = text.slice(prefix.length).split(':')
  if (!/^[\w-]+$/.test(epoch) || rest.length > 0) return undefined
  const positions: FeedPosition[] = []
  const feeds = new Set<number>()
  for (const item of list.split('-')) {
    const position = readPosition(item)
    if (position === undefined || feeds.has(position.feed)) return undefined
    feeds.add(position.feed)
    positions.push(position)
  }
  return { epoch, positions }
}

const prefix = 'urn:farley:sync:'

/** A home has 250 collections and 250 mounts at most, which are two positions each of up to 33 digits. */
const maxLength = 32_768

function readPosition(item: string): FeedPosition | undefined {
  const [, feed, change] = /^(0|[1-9]\d{0,15})\.(0|[1-9]\d{0,15})$/.exec(item) ?? []
  if (feed === undefined || change === undefined) return undefined
  const position = { feed: Number(feed), change: Number(change) }
  return Number.isSafeInteger(position.feed) && Number.isSafeInteger(position.change) ? position : undefined
}
