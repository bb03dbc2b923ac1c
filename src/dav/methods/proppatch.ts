import { propstatResponse } from '../../../protocol/dav/multistatus.ts'
import { readPropertyUpdate } from '../../../protocol/dav/propertyupdate.ts'
import { tag } from '../../../protocol/dav/xml-write.ts'
import { patchCollection, touchHome } from '../../../storage/collection-writes.ts'
import { changeDeadProperties, type PropertyTarget } from '../../../storage/dead-properties.ts'
import { patchMount } from '../../../storage/mount-writes.ts'
import { touchNode } from '../../../storage/nodes/node-writes.ts'
import type { Writer } from '../../../storage/store.ts'
import { checkDead } from '../../features/history/collections/named.ts'
import { noticePatch } from '../../features/subscriptions/subscriptions.ts'
import { authorize, needs } from '../access.ts'
import { type Call, originOf, preferencesOf, readXmlBody } from '../call.ts'
import { checkConditions } from '../conditions.ts'
import { checkLocks } from '../locks/guard.ts'
import { placeInHome, placeOf } from '../locks/places.ts'
import { targetOf } from '../pages.ts'
import { appliedPreferences } from '../preferences.ts'
import { patchDelegates, refusedDelegates } from '../principals/patch-delegates.ts'
import { type PropertyChanges, readChanges, refusedPropstats } from '../property-changes.ts'
import { empty, multistatus, type Reply } from '../reply.ts'
import { isCollection, isHome, isNode, type Resource } from '../resource.ts'
import { mustFind } from '../tree.ts'

/**
 * Changes properties: all of them, or none with 424 for those that could have been changed.
 * @see RFC 4918 §9.2, RFC 8144 §2.1
 */
export async function proppatch(call: Call): Promise<Reply> {
  const { session, location, store } = call
  const resource = await store.read((reader) => mustFind(reader, session, location))
  authorizePatch(call, resource)
  const operations = readPropertyUpdate(await readXmlBody(call))
  const on = isCollection(resource) ? resource : undefined
  const changes = readChanges(operations, resource.kind, call.settings, [], on)
  if (changes.refused.length > 0) {
    return multistatus(propstatResponse(resource.href, '', '', refusedPropstats(changes)))
  }
  try {
    await store.write((tx) => patch(tx, call, changes))
  } catch (error) {
    const refused = refusedDelegates(changes, error)
    if (!refused) throw error
    return multistatus(propstatResponse(resource.href, '', '', refusedPropstats(refused)))
  }
  if (preferencesOf(call).minimal) return empty(200, appliedPreferences({ minimal: true }))
  return multistatus(propstatResponse(resource.href, changes.names.map((name) => tag(name).empty).join('')))
}

async function patch(tx: Writer, call: Call, changes: PropertyChanges): Promise<void> {
  const fresh = await mustFind(tx, call.session, call.location)
  authorizePatch(call, fresh)
  await checkConditions(tx, call, fresh)
  const place = isCollection(fresh) ? placeInHome(fresh) : placeOf(fresh)
  if (place) await checkLocks(tx, call, [{ place, act: 'change' }])
  if (fresh.kind === 'proxy') await patchDelegates(tx, call, fresh, changes)
  else await apply(tx, call, fresh, changes)
}

/** What a sharee sets on a collection is his own: he needs no right for that, but a password that may write. */
function authorizePatch({ session }: Call, resource: Resource): void {
  const isMount = isCollection(resource) && resource.mount !== undefined
  if (!isMount || session.scope === 'read') authorize(session, 'patch-properties', { resource })
}

async function apply(tx: Writer, call: Call, resource: Resource, changes: PropertyChanges): Promise<void> {
  const target = targetOf(resource)
  if (!target) throw needs(call.session, resource.href, ['write-properties'])
  await change(tx, call, resource, target, changes)
  await checkDead(tx, target, call.settings)
}

async function change(
  tx: Writer,
  call: Call,
  resource: Resource,
  target: PropertyTarget,
  { patch: live, dead }: PropertyChanges,
): Promise<void> {
  if (isCollection(resource) && resource.mount)
    return patchMount(tx, resource.mount, live, originOf(call), dead)
  if (isCollection(resource)) {
    await patchCollection(tx, resource.row, live, originOf(call), dead)
    return noticePatch(tx, resource.row, live)
  }
  await changeDeadProperties(tx, target, dead)
  if (isHome(resource) || resource.kind === 'file-home') await touchHome(tx, resource.row)
  else if (isNode(resource)) await touchNode(tx, resource.home.row, resource.row)
}
