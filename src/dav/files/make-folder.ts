import { propstats } from '../../../protocol/dav/multistatus.ts'
import { dav } from '../../../protocol/dav/names.ts'
import { refuse, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { type PropertyOperation, readMakeCollection } from '../../../protocol/dav/propertyupdate.ts'
import { elements } from '../../../protocol/dav/xml-read.ts'
import { fixedDeclarations } from '../../../protocol/dav/xml-write.ts'
import { setDeadProperty } from '../../../storage/dead-properties.ts'
import type { Writer } from '../../../storage/store.ts'
import { makeFolder } from '../../features/documents/documents.ts'
import { authorize } from '../access.ts'
import { type Call, originOf, readXmlBody } from '../call.ts'
import { checkConditions } from '../conditions.ts'
import { checkLocks } from '../locks/guard.ts'
import { placeIn, placeOf } from '../locks/places.ts'
import { type PropertyChanges, readChanges, refusedPropstats } from '../property-changes.ts'
import { empty, type Reply, xmlType } from '../reply.ts'
import { mustFind } from '../tree.ts'
import { findTarget, isBelowHome, spotIn } from './tree.ts'

/**
 * Makes a folder, with properties where the body has some.
 * @see RFC 4918 §9.3, RFC 5689 §3
 */
export async function makeFolderAt(call: Call): Promise<Reply> {
  const changes = await readBody(call)
  if (changes.refused.length > 0) return refusedBody(changes)
  await call.store.write((tx) => make(tx, call, changes))
  return empty(201, { 'Cache-Control': 'no-cache' })
}

async function make(tx: Writer, call: Call, changes: PropertyChanges): Promise<void> {
  const { session, location, settings } = call
  if (!isBelowHome(location)) {
    await mustFind(tx, session, location)
    throw exists()
  }
  const { parent, existing, name } = await findTarget(tx, session, location)
  if (existing) throw exists()
  if (!parent) throw refuseStatus(409, 'The folder to make it in does not exist.')
  authorize(session, 'make-collection', { parent })
  await checkConditions(tx, call, undefined)
  await checkLocks(tx, call, [{ place: placeIn(placeOf(parent), name), act: 'make' }])
  const made = { resourceId: call.newId(), origin: originOf(call) }
  const { id } = await makeFolder(tx, spotIn(parent, name), made, settings)
  for (const [property, xml] of changes.dead) {
    if (xml !== undefined) await setDeadProperty(tx, { kind: 'node', id }, { name: property, xml })
  }
}

/** @throws refusal 415 for a body that is none of MKCOL, valid-resourcetype for another type of collection */
async function readBody(call: Call): Promise<PropertyChanges> {
  const { headers, settings } = call
  const type = (headers['content-type'] ?? 'text/xml').split(';', 1).join('').trim().toLowerCase()
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  if (hasBody && !/^(?:text|application)\/(?:[\w.-]+\+)?xml$/.test(type)) {
    throw refuseStatus(415, 'The body of MKCOL is XML.')
  }
  const operations = readMakeCollection(await readXmlBody(call))
  checkType(operations)
  const { deadProperties: limit } = settings.limits
  const changes = readChanges(operations, 'folder', settings, [dav('resourcetype')])
  if (changes.dead.length > limit) {
    throw refuseStatus(507, `A resource may have ${limit} properties of this kind at most.`)
  }
  return changes
}

function checkType(operations: readonly PropertyOperation[]): void {
  const types = operations.filter(({ property }) => property.name === dav('resourcetype'))
  for (const { property } of types) {
    const names = elements(property).map(({ name }) => name)
    if (names.every((name) => name === dav('collection'))) continue
    throw refuse('valid-resourcetype', { message: 'Among files there are plain collections only.' })
  }
}

function exists(): Error {
  return refuse('resource-must-be-null', {
    status: 405,
    message: 'There is something at this address already.',
  })
}

/** Nothing was made: which properties are to blame. @see RFC 5689 §3.4 */
function refusedBody(changes: PropertyChanges): Reply {
  const inner = propstats('', '', refusedPropstats(changes))
  const body = `<?xml version="1.0" encoding="utf-8"?>\n<d:mkcol-response${fixedDeclarations}>${inner}</d:mkcol-response>`
  return { status: 424, headers: { 'Content-Type': xmlType }, body }
}
