import { propstatResponse } from '../../../protocol/dav/multistatus.ts'
import { dav } from '../../../protocol/dav/names.ts'
import { refuse, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { readPropertyUpdate } from '../../../protocol/dav/propertyupdate.ts'
import { tag } from '../../../protocol/dav/xml-write.ts'
import { patchCollection, touchHome } from '../../../storage/collection-writes.ts'
import { countDeadProperties, removeDeadProperty, setDeadProperty } from '../../../storage/dead-properties.ts'
import type { Writer } from '../../../storage/store.ts'
import { type Call, mayWrite, originOf, preferencesOf, readXmlBody } from '../call.ts'
import { checkConditions } from '../conditions.ts'
import { targetOf } from '../pages.ts'
import { type PropertyChanges, readChanges, refusedPropstats } from '../property-changes.ts'
import { empty, multistatus, type Reply } from '../reply.ts'
import { isCollection, isHome, type Resource } from '../resource.ts'
import { mustFind } from '../tree.ts'

/**
 * Changes properties: all of them, or none with 424 for those that could have been changed.
 * @see RFC 4918 §9.2, RFC 8144 §2.1
 */
export async function proppatch(call: Call): Promise<Reply> {
  const { session, location, store } = call
  const resource = await store.read((reader) => mustFind(reader, session, location))
  mayWrite(call, resource.href, dav('write-properties'))
  const changes = readChanges(readPropertyUpdate(await readXmlBody(call)), resource.kind, call.settings)
  if (changes.refused.length > 0) {
    return multistatus(propstatResponse(resource.href, '', '', refusedPropstats(changes)))
  }
  await store.write(async (tx) => {
    const fresh = await mustFind(tx, session, location)
    await checkConditions(tx, call, fresh)
    await apply(tx, call, fresh, changes)
  })
  if (preferencesOf(call).minimal) return empty(200, { 'Preference-Applied': 'return=minimal' })
  return multistatus(propstatResponse(resource.href, changes.names.map((name) => tag(name).empty).join('')))
}

async function apply(tx: Writer, call: Call, resource: Resource, changes: PropertyChanges): Promise<void> {
  const target = targetOf(resource)
  if (!target) {
    const privilege = dav('write-properties')
    throw refuse('need-privileges', {
      href: resource.href,
      privilege,
      message: 'Properties cannot be kept here.',
    })
  }
  for (const [name, xml] of changes.dead) {
    if (xml === undefined) await removeDeadProperty(tx, target, name)
    else await setDeadProperty(tx, target, { name, xml })
  }
  const { deadProperties: limit } = call.settings.limits
  if ((await countDeadProperties(tx, target)) > limit) {
    throw refuseStatus(507, `A resource may have ${limit} properties of this kind at most.`)
  }
  if (isCollection(resource)) await patchCollection(tx, resource.row, changes.patch, originOf(call))
  else if (isHome(resource)) await touchHome(tx, resource.row)
}
