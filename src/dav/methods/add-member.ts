import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { findAliased } from '../../features/merges/aliases.ts'
import { authorize } from '../access.ts'
import { allowedOn } from '../allow.ts'
import { type Call, originOf, preferencesOf } from '../call.ts'
import { checkConditions } from '../conditions.ts'
import { checkLocks } from '../locks/guard.ts'
import { placeIn, placeOf } from '../locks/places.ts'
import { putToAlias } from '../merged/put-alias.ts'
import type { Location } from '../paths.ts'
import { empty, type Reply } from '../reply.ts'
import { type CollectionResource, isCollection } from '../resource.ts'
import { findCollectionAt, mustFind } from '../tree.ts'
import { represent } from './get.ts'
import { readObject } from './put.ts'
import { planSent, storeSent } from './store-sent.ts'

/**
 * Makes a member of a calendar or an address book under a name of our own, which Location tells. Conditions are judged
 * against the collection.
 * @see RFC 5995 §3.2, RFC 8144 §3.1
 */
export async function addMember(call: Call): Promise<Reply> {
  const { session, store, location } = call
  const collection = await store.read((reader) => mustFind(reader, session, location))
  if (location.kind !== 'collection' || !isCollection(collection)) {
    throw refuseStatus(405, 'Nothing can be added here.', { Allow: allowedOn(collection.kind).join(', ') })
  }
  authorize(session, 'add-member', { parent: collection })
  const object = await readObject(call, collection.kind)
  const ownName = `${call.newId()}.${collection.kind === 'calendar' ? 'ics' : 'vcf'}`
  const { etag, isAsSent, name } = await store.write(async (tx) => {
    const fresh = freshCollection(await findCollectionAt(tx, session, location))
    authorize(session, 'add-member', { parent: fresh })
    await checkConditions(tx, call, fresh)
    await checkLocks(tx, call, [{ place: placeIn(placeOf(fresh), ownName), act: 'make' }])
    const aliased =
      fresh.kind === 'addressbook'
        ? await findAliased(tx, fresh.row.id, { name: ownName, uid: object.uid })
        : undefined
    if (aliased) {
      const put = { name: ownName, object, asSent: object, aliased }
      return { ...(await putToAlias(tx, call, fresh, put)), name: aliased.survivor.name }
    }
    const sent = { name: ownName, object, existing: undefined, lists: call.session.lists }
    const plan = await planSent(tx, call, fresh, sent)
    return { ...(await storeSent(tx, call, fresh, sent, originOf(call), plan)), name: ownName }
  })
  const headers = { Location: collection.href + name, ...(isAsSent ? { ETag: etag } : {}) }
  return made(call, { ...location, kind: 'member', name }, headers)
}

function freshCollection(found: CollectionResource | undefined): CollectionResource {
  if (!found) throw refuseStatus(409, 'The collection was deleted meanwhile.')
  return found
}

async function made(
  call: Call,
  location: Location,
  headers: Readonly<Record<string, string>>,
): Promise<Reply> {
  const shown = preferencesOf(call).representation ? await represent(call, location, 201) : undefined
  return shown ? { ...shown, headers: { ...shown.headers, ...headers } } : empty(201, headers)
}
