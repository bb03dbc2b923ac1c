import type { Settings } from '../../../config/defaults.ts'
import { HrefError, readHref } from '../../../protocol/dav/href.ts'
import { statusResponse } from '../../../protocol/dav/multistatus.ts'
import { Refusal, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { readShare, type SetSharee } from '../../../protocol/dav/sharing.ts'
import type { XmlElement } from '../../../protocol/dav/xml-read.ts'
import { type CollectionRow, findCollectionById } from '../../../storage/collections.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import { listSharees, lockReach } from '../../../storage/shares.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { findVisibleByEmail, findVisiblePrincipal } from '../../features/rights/directory.ts'
import { type Sharing, shareCollection, unshare } from '../../features/sharing/sharing.ts'
import { authorize } from '../access.ts'
import { type Call, originOf } from '../call.ts'
import { checkConditions } from '../conditions.ts'
import { checkLocks } from '../locks/guard.ts'
import { placeOf } from '../locks/places.ts'
import { locate } from '../paths.ts'
import { empty, multistatus, type Reply } from '../reply.ts'
import { isCollection } from '../resource.ts'
import { mustFind } from '../tree.ts'

/**
 * CS:share: sets and removes sharees of a collection, all of them or none. Where somebody cannot have it, a 207 says who, and
 * that the others depend on him.
 * @see caldav-sharing "Manipulating Sharees of a Shared Calendar"
 */
export async function share(call: Call, body: XmlElement): Promise<Reply> {
  const { session, location, store, settings, newId } = call
  const { set, remove } = readShare(body)
  checkNumber(Math.max(set.length, remove.length), settings)
  const sharing: Sharing = { origin: originOf(call), settings, newId }
  try {
    await store.write(async (tx) => {
      await lockReach(tx)
      const resource = await mustFind(tx, session, location)
      if (!isCollection(resource)) throw refuseStatus(403, 'Calendars and address books are shared.')
      authorize(session, 'write-acl', { resource })
      await checkConditions(tx, call, resource)
      await checkLocks(tx, call, [{ place: placeOf(resource), act: 'change', isSharing: true }])
      const collection = await findCollectionById(tx, resource.row.id)
      if (!collection) throw refuseStatus(409, 'The collection was deleted meanwhile.')
      const kept = new Set(set.map(({ href }) => href))
      await removeSharees(
        tx,
        collection,
        remove.filter((href) => !kept.has(href)),
        sharing,
      )
      await setSharees(tx, session, collection, set, sharing)
    })
  } catch (error) {
    if (error instanceof RefusedSharees) return refusedAnswer(set, error.hrefs)
    throw error
  }
  return empty(200, { 'Cache-Control': 'no-cache', 'Content-Length': '0' })
}

/** More than a collection can be shared with are not looked up. @throws refusal 403 */
function checkNumber(count: number, { limits }: Settings): void {
  if (count <= limits.sharees) return
  throw refuseStatus(403, `A collection is shared with ${limits.sharees} people and groups at most.`)
}

/** Somebody cannot have what is shared: nothing is done. */
class RefusedSharees extends Error {
  override name = 'RefusedSharees'
  readonly hrefs: ReadonlySet<string>
  constructor(hrefs: ReadonlySet<string>) {
    super('Some sharees are refused.')
    this.hrefs = hrefs
  }
}

function refusedAnswer(set: readonly SetSharee[], refused: ReadonlySet<string>): Reply {
  const hrefs = [...new Set(set.map(({ href }) => href))]
  return multistatus(hrefs.map((href) => statusResponse(href, refused.has(href) ? 403 : 424)).join(''))
}

async function setSharees(
  tx: Writer,
  session: Session,
  collection: CollectionRow,
  set: readonly SetSharee[],
  sharing: Sharing,
): Promise<void> {
  const refused = new Set<string>()
  for (const { href, access, summary } of set) {
    const principal = await findSharee(tx, session, href)
    const wanted = principal && { collection, principal, access, summary }
    if (!wanted || !(await isDone(() => shareCollection(tx, wanted, sharing)))) refused.add(href)
  }
  if (refused.size > 0) throw new RefusedSharees(refused)
}

async function isDone(action: () => Promise<void>): Promise<boolean> {
  try {
    await action()
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

/** Who is not among the sharees is removed already. */
async function removeSharees(
  tx: Writer,
  collection: CollectionRow,
  hrefs: readonly string[],
  sharing: Sharing,
): Promise<void> {
  const sharees = hrefs.length === 0 ? [] : await listSharees(tx, [collection.id])
  for (const href of hrefs) {
    const address = readAddress(href)
    const found = sharees.find(({ principal }) => isAt(principal, address))
    if (found) await unshare(tx, { collection, principal: found.principal }, sharing)
  }
}

/** Somebody by his principal's URL or by his mail address. */
type Address = { readonly segment: string } | { readonly email: string } | undefined

function readAddress(href: string): Address {
  const email = /^mailto:(.+)$/i.exec(href)?.[1]
  try {
    if (email !== undefined) return { email: decodeURIComponent(email).toLowerCase() }
    const location = locate(readHref(href))
    return location.kind === 'principal' ? { segment: location.segment } : undefined
  } catch (error) {
    if (error instanceof HrefError || error instanceof URIError) return undefined
    throw error
  }
}

function isAt({ segment, email }: PrincipalRow, address: Address): boolean {
  if (address === undefined) return false
  return 'email' in address ? email?.toLowerCase() === address.email : segment === address.segment
}

/** Undefined where nobody has the address whom the caller may see, or several have it. */
async function findSharee(reader: Reader, session: Session, href: string): Promise<PrincipalRow | undefined> {
  const address = readAddress(href)
  if (address === undefined) return undefined
  if ('segment' in address) return findVisiblePrincipal(reader, session, address.segment)
  const [found, ...others] = (await findVisibleByEmail(reader, session, address.email)).filter(
    ({ kind }) => kind === 'user' || kind === 'group',
  )
  return others.length === 0 ? found : undefined
}
