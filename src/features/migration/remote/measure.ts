import { propertyText } from '../../../../protocol/dav/multistatus-read.ts'
import { dav } from '../../../../protocol/dav/names.ts'
import { askProperties } from './ask.ts'
import type { RemoteCollection } from './collection.ts'
import { readMember } from './listing.ts'
import { MigrationError } from './migration-error.ts'
import type { Remote } from './remote.ts'

/** How much a collection holds; null where that is not known. */
export interface Measure {
  readonly count: number | null
  /** Where the server says it of every object. */
  readonly bytes: number | null
}

const unknown: Measure = { count: null, bytes: null }

/**
 * Counts what a collection holds by one listing; one that is longer, or later, than is looked at is not counted.
 * @param maxBytes  of the listing
 * @see RFC 4918 §15.4
 */
export async function measure(
  remote: Remote,
  { url }: Pick<RemoteCollection, 'url'>,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<Measure> {
  try {
    const asked = await askProperties(remote, url, '1', measured, maxBytes)
    if (asked.kind === 'refused') return unknown
    let [count, bytes] = [0, 0]
    for (const response of asked.responses) {
      const member = readMember(response, url)
      if (!member || member === 'collection') continue
      count += 1
      bytes += Number(propertyText(response, dav('getcontentlength')) ?? Number.NaN)
    }
    // A listing that was cut says so of the collection. @see RFC 6578 §3.6
    if (asked.responses.some(({ status }) => status === 507)) return unknown
    return { count, bytes: Number.isSafeInteger(bytes) ? bytes : null }
  } catch (error) {
    if (error instanceof MigrationError || signal.aborted) return unknown
    throw error
  }
}

const measured = [dav('resourcetype'), dav('getcontentlength')]
