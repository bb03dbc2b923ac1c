import { decodePath, HrefError } from '../../protocol/dav/href.ts'
import { refuseStatus } from '../../protocol/dav/preconditions.ts'
import { refreshDirectory } from '../features/directory/directory-book.ts'
import { readyOwnBooks } from '../features/virtual/virtual.ts'
import { isReadable } from './access.ts'
import { allowedOn } from './allow.ts'
import type { Call } from './call.ts'
import { checkIf } from './conditions.ts'
import { fileMethods } from './files/methods.ts'
import { acl } from './methods/acl.ts'
import { copy, move } from './methods/copy-move.ts'
import { remove } from './methods/delete.ts'
import { get, representFailed } from './methods/get.ts'
import { lock } from './methods/lock.ts'
import { mkcalendar, mkcol } from './methods/make-collection.ts'
import { options } from './methods/options.ts'
import { post } from './methods/post.ts'
import { propfind } from './methods/propfind.ts'
import { proppatch } from './methods/proppatch.ts'
import { put } from './methods/put.ts'
import { report } from './methods/report.ts'
import { unlock } from './methods/unlock.ts'
import { folderPath, type Location, locate } from './paths.ts'
import type { Reply } from './reply.ts'
import { readyMasked } from './seen/masked.ts'
import { findResource, notFound } from './tree.ts'

const methods: Readonly<Record<string, (call: Call) => Promise<Reply>>> = {
  OPTIONS: options,
  GET: get,
  HEAD: get,
  PROPFIND: propfind,
  PROPPATCH: proppatch,
  PUT: put,
  POST: post,
  DELETE: remove,
  MKCALENDAR: mkcalendar,
  MKCOL: mkcol,
  COPY: copy,
  MOVE: move,
  REPORT: report,
  ACL: acl,
  LOCK: lock,
  UNLOCK: unlock,
}

/** Answers one authenticated DAV request. @throws Refusal */
export async function handleDav(call: Call): Promise<Reply> {
  const table = call.location.kind === 'node' ? methodsOnFiles : methods
  const method = Object.hasOwn(table, call.method) ? table[call.method] : undefined
  if (method) {
    await refreshAsked(call)
    if (call.headers.if !== undefined && reading.has(call.method)) await checkReading(call)
    return withFolder(call, await answer(call, method))
  }
  const resource = await call.store.read((reader) => findResource(reader, call.session, call.location))
  if (!resource) throw notFound()
  throw refuseStatus(405, `${call.method} is not supported here.`, {
    Allow: allowedOn(resource.kind).join(', '),
  })
}

/** What is made from something else is brought up to date before it is looked at, wherever that is. */
async function refreshAsked(call: Call): Promise<void> {
  const { location, session } = call
  if (location.kind !== 'home' && location.kind !== 'collection' && location.kind !== 'member') return
  if (location.home !== 'addressbooks') return
  await readyMasked(call, location)
  if (location.segment !== session.principal.segment) return
  const asked = location.kind === 'home' ? undefined : location.collection
  await refreshDirectory(call, session, asked)
  // A PUT looks only at the book that it goes into, and sees there whether that has to be.
  if (call.method !== 'PUT') await readyOwnBooks(call, session)
}

/** Among files some do other things; those that are the same are told apart by their tables. */
const methodsOnFiles: typeof methods = { ...methods, ...fileMethods }

async function answer(call: Call, method: (call: Call) => Promise<Reply>): Promise<Reply> {
  try {
    return await method(call)
  } catch (error) {
    const shown = await representFailed(call, error)
    if (!shown) throw error
    return shown
  }
}

/** Methods that change nothing; the others judge the If header inside their transaction. */
const reading = new Set('GET HEAD PROPFIND REPORT'.split(' '))

/**
 * What is not there is refused by the method itself, as RFC 9110 §13.2.1 wants; what may not be read has no state.
 * @see RFC 4918 §10.4.1
 */
function checkReading(call: Call): Promise<void> {
  return call.store.read(async (reader) => {
    const resource = await findResource(reader, call.session, call.location)
    if (resource) await checkIf(reader, call, isReadable(resource) ? resource : undefined)
  })
}

/**
 * A folder that is asked for without its slash, or in another spelling, is served directly; this says where it is
 * (MIN-10, TBC-09).
 * @see RFC 4918 §5.2
 */
function withFolder({ method, path, location }: Call, reply: Reply): Reply {
  const href = folderPath(location)
  if (href === undefined || href === path || reply.status >= 300 || !describing.has(method)) return reply
  return { ...reply, headers: { ...reply.headers, 'Content-Location': href } }
}

/** Methods after which there is a folder at the path. */
const describing = new Set('OPTIONS GET HEAD PROPFIND PROPPATCH REPORT MKCOL MKCALENDAR'.split(' '))

/** Where a raw request path leads. @throws refusal 400 for a path that cannot be decoded */
export function readPath(rawPath: string): { segments: readonly string[]; location: Location } {
  try {
    const segments = decodePath(rawPath)
    return { segments, location: locate(segments) }
  } catch (error) {
    if (error instanceof HrefError) throw refuseStatus(400, error.message)
    throw error
  }
}
