import { decodePath, HrefError } from '../../protocol/dav/href.ts'
import { refuseStatus } from '../../protocol/dav/preconditions.ts'
import { allowedOn } from './allow.ts'
import type { Call } from './call.ts'
import { copy, move } from './methods/copy-move.ts'
import { remove } from './methods/delete.ts'
import { get } from './methods/get.ts'
import { mkcalendar, mkcol } from './methods/make-collection.ts'
import { options } from './methods/options.ts'
import { propfind } from './methods/propfind.ts'
import { proppatch } from './methods/proppatch.ts'
import { put } from './methods/put.ts'
import { report } from './methods/report.ts'
import { type Location, locate } from './paths.ts'
import type { Reply } from './reply.ts'
import { findResource, notFound } from './tree.ts'

const methods: Readonly<Record<string, (call: Call) => Promise<Reply>>> = {
  OPTIONS: options,
  GET: get,
  HEAD: get,
  PROPFIND: propfind,
  PROPPATCH: proppatch,
  PUT: put,
  DELETE: remove,
  MKCALENDAR: mkcalendar,
  MKCOL: mkcol,
  COPY: copy,
  MOVE: move,
  REPORT: report,
}

/** Answers one authenticated DAV request. @throws Refusal */
export async function handleDav(call: Call): Promise<Reply> {
  const method = Object.hasOwn(methods, call.method) ? methods[call.method] : undefined
  if (method) return method(call)
  const resource = await call.store.read((reader) =>
    findResource(reader, call.session, call.location, call.segments.length === 0),
  )
  if (!resource) throw notFound()
  throw refuseStatus(405, `${call.method} is not supported here.`, {
    Allow: allowedOn(resource.kind).join(', '),
  })
}

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

/** Whether a path is DAV's to answer; everything outside belongs to other faces. */
export function isDavPath(path: string): boolean {
  return path === '/' || /^\/+(dav|principals)(\/|$)/.test(path) || /^\/*$/.test(path)
}
