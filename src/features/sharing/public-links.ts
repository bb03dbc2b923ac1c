import { randomBytes } from 'node:crypto'
import type { Settings } from '../../../config/defaults.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { readCalendar } from '../../../protocol/ical/calendar.ts'
import { publicText } from '../../../protocol/ical/public.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import { addPublicLink } from '../../../storage/public-links.ts'
import type { Writer } from '../../../storage/store.ts'
import { checkLinks } from './ended-links.ts'
import { requireOwnCards } from './sharing.ts'

/** 256 bits: nobody finds one by trying. */
const tokenBytes = 32

/** What makes the address of a new link unguessable. */
export const newLinkToken = (): string => randomBytes(tokenBytes).toString('base64url')

/**
 * A new address under which whoever knows it may read a collection.
 * @returns the token, which is the secret of the address
 * @throws refusal 403 for a link too many, and to the directory
 */
export async function makePublicLink(
  tx: Writer,
  collection: CollectionRow,
  label: string,
  settings: Settings,
): Promise<{ readonly id: number; readonly token: string }> {
  if (collection.generated === 'directory')
    throw refuseStatus(403, 'The directory is for those who have an account.')
  await requireOwnCards(tx, collection)
  await checkLinks(tx, collection.principalId, 'collection', settings)
  const token = newLinkToken()
  const id = await addPublicLink(tx, { collectionId: collection.id, token, label })
  return { id, token }
}

/** The path of a link; calendar programs and address books go by the ending. */
export function publicLinkPath({ kind }: Pick<CollectionRow, 'kind'>, token: string): string {
  return `/public/${token}.${kind === 'calendar' ? 'ics' : 'vcf'}`
}

/** The token in a path of a link; undefined for another path. */
export function publicLinkToken(path: string): string | undefined {
  return /^\/public\/([\w-]{43})\.(?:ics|vcf)$/.exec(path)?.[1]
}

/** What a link shows of a calendar object; undefined for one that is not for the public, or cannot be read. */
export function shownToPublic(text: string): string | undefined {
  try {
    return publicText(readCalendar(text))
  } catch {
    return undefined
  }
}
