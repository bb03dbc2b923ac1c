/** How far one feed has been read. */
export interface FeedPosition {
  readonly feed: number
  /** The last change number seen. */
  readonly change: number
  /**
   * While a first listing that was cut goes on: at which number it began. What was gone by then the client does not know,
   * so it needs no tombstone from before.
   */
  readonly began?: number
  /** The tag of the name that the feed's collection had in its home. */
  readonly tag?: string
  /** A letter for how its members were seen, where that can be in more than one way. */
  readonly sight?: string
}

export interface SyncToken {
  readonly epoch: string
  /** For a collection its own, after that of its view where it is mounted; for a home its own first, then its children's. */
  readonly positions: readonly FeedPosition[]
  /** What of the feed was seen, where that is not all of it: a folder, and by whom. */
  readonly scope?: string | undefined
}

/**
/** The feed, which none has, under which the token of another's home says what its reader may see and do there. */
export const sightOfHome = Number.MAX_SAFE_INTEGER

/**
 * A sync-token or ctag: a URI with letters and colons in it, as several clients insist (EVO-02, TSD-02, MIN-24).
 * @param epoch  letters, digits, `_` and `-`
 * @param scope  likewise
 * @see RFC 6578 §3.2
 */
export function formatSyncToken(epoch: string, positions: readonly FeedPosition[], scope?: string): string {
  const list = positions.map(writePosition).join('-')
  return `${prefix}${epoch}:${list}${scope === undefined ? '' : `:${scope}`}`
}

/** A short mark of a name, to see by that a collection had another one: 32 bits of FNV-1a. */
export function nameTag(name: string): string {
  let hash = 0x811c9dc5
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193)
  return (hash >>> 0).toString(36)
}

/** Reads a token of ours, written as we write it; undefined for everything else, whatever it is (IOS-09). */
export function parseSyncToken(text: string): SyncToken | undefined {
  if (text.length > maxLength || !text.startsWith(prefix)) return undefined
  const [epoch = '', list = '', scope, ...rest] = text.slice(prefix.length).split(':')
  if (!/^[\w-]+$/.test(epoch) || rest.length > 0 || (scope !== undefined && !/^[\w-]+$/.test(scope)))
    return undefined
  const positions: FeedPosition[] = []
  const feeds = new Set<number>()
  for (const item of list.split('-')) {
    const position = readPosition(item)
    if (position === undefined || feeds.has(position.feed)) return undefined
    feeds.add(position.feed)
    positions.push(position)
  }
  return scope === undefined ? { epoch, positions } : { epoch, positions, scope }
}

const prefix = 'urn:farley:sync:'

/** A home has 250 collections at most, each with two feeds where it is mounted; real numbers are far shorter than they may be. */
const maxLength = 24_576

function writePosition({ feed, change, began, tag, sight }: FeedPosition): string {
  const numbers = began === undefined ? `${feed}.${change}` : `${feed}.${change}.${began}`
  return `${numbers}${tag === undefined ? '' : `~${tag}`}${sight === undefined ? '' : `~~${sight}`}`
}

function readPosition(item: string): FeedPosition | undefined {
  const [, feed, change, began, tag, sight] =
    /^(0|[1-9]\d{0,15})\.(0|[1-9]\d{0,15})(?:\.(0|[1-9]\d{0,15}))?(?:~([a-z0-9]{1,7}))?(?:~~([a-z]))?$/.exec(
      item,
    ) ?? []
  if (feed === undefined || change === undefined) return undefined
  const numbers = [feed, change, began ?? '0'].map(Number)
  if (!numbers.every(Number.isSafeInteger)) return undefined
  return {
    feed: Number(feed),
    change: Number(change),
    ...(began !== undefined && { began: Number(began) }),
    ...(tag !== undefined && { tag }),
    ...(sight !== undefined && { sight }),
  }
}
