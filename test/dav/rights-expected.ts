import {
  type Found,
  find,
  type ModelCollection,
  type ModelHome,
  type ModelWorld,
  type Privilege,
  rights,
} from './rights-model.ts'

/** A place to ask for: a home, a collection or an object in it, there or not. */
export interface Target {
  readonly home: ModelHome
  readonly collection: { readonly name: string; readonly there: ModelCollection | undefined } | undefined
  readonly member: { readonly name: string; readonly isThere: boolean } | undefined
}

export type Method =
  | 'GET'
  | 'HEAD'
  | 'OPTIONS'
  | 'PROPFIND'
  | 'PROPPATCH'
  | 'ACL'
  | 'PUT'
  | 'POST'
  | 'DELETE'
  | 'MKCALENDAR'
  | 'LOCK'
  | 'COPY'
  | 'MOVE'
  | 'calendar-query'
  | 'sync-collection'
  | 'free-busy-query'
  | 'acl-principal-prop-set'

/**
 * What a request comes to. Requests that would change something carry a condition that never holds: where they may, they
 * end in 412 and leave the world as it is.
 */
export interface Expected {
  readonly status: number
  /** What DAV:need-privileges names: `href privilege`. */
  readonly needs: readonly string[]
}

/** The hrefs of a place and of what is around it. */
export interface Hrefs {
  readonly home: string
  readonly collection: string
  readonly member: string
}

export function expected(
  world: ModelWorld,
  caller: string,
  method: Method,
  target: Target,
  hrefs: Hrefs,
): Expected {
  const found = find(world, caller, target.home, target.collection)
  const around = rights(world, caller, target.home)
  if (found.kind === 'closed') return refused(hrefs.home, 'read')
  const place: Place = { found, around, target, hrefs, isOwn: target.home.owner === caller }
  if (target.member) return onMember(method, place)
  return target.collection ? onCollection(method, place) : onHome(method, place)
}

interface Place {
  readonly found: Exclude<Found, { kind: 'closed' }>
  /** What the caller may do in the home. */
  readonly around: ReadonlySet<Privilege>
  readonly target: Target
  readonly hrefs: Hrefs
  readonly isOwn: boolean
}

const status = (code: number): Expected => ({ status: code, needs: [] })
const allowed = status(412)
const refused = (href: string, ...privileges: readonly Privilege[]): Expected => ({
  status: 403,
  needs: privileges.map((privilege) => `${href} ${privilege}`),
})

/** What every resource needs for what is not said of its kind. */
const plain: Partial<Record<Method, { readonly needed: Privilege; readonly status: number }>> = {
  PROPFIND: { needed: 'read', status: 207 },
  PROPPATCH: { needed: 'write-properties', status: 412 },
  ACL: { needed: 'write-acl', status: 412 },
  LOCK: { needed: 'write-content', status: 412 },
  'sync-collection': { needed: 'read', status: 207 },
  'calendar-query': { needed: 'read', status: 207 },
  'free-busy-query': { needed: 'read-free-busy', status: 200 },
  'acl-principal-prop-set': { needed: 'read-acl', status: 207 },
}

function plainly(method: Method, href: string, may: ReadonlySet<Privilege>): Expected {
  const rule = plain[method]
  if (!rule) throw new Error(`Nothing is known of ${method}.`)
  return may.has(rule.needed) ? status(rule.status) : refused(href, rule.needed)
}

function onHome(method: Method, { found, hrefs }: Place): Expected {
  const may = found.kind === 'found' ? found.rights : new Set<Privilege>()
  switch (method) {
    case 'OPTIONS':
      return status(200)
    case 'GET':
    case 'HEAD':
      return may.has('read') ? status(405) : refused(hrefs.home, 'read')
    case 'PUT':
    case 'POST':
      return status(405)
    case 'DELETE':
    case 'MOVE':
      return refused(hrefs.home, 'unbind')
    case 'COPY':
      return refused(hrefs.home, 'bind')
    case 'MKCALENDAR':
    case 'calendar-query':
      return status(403)
    default:
      return plainly(method, hrefs.home, may)
  }
}

function onCollection(method: Method, { found, around, hrefs, isOwn }: Place): Expected {
  if (found.kind === 'nothing') {
    if (method === 'PUT') return status(409)
    if (method === 'LOCK') return allowed
    if (method !== 'MKCALENDAR') return status(404)
    return around.has('bind') ? allowed : refused(hrefs.home, 'bind')
  }
  const may = found.rights
  switch (method) {
    case 'OPTIONS':
      return status(200)
    case 'GET':
    case 'HEAD':
      return may.has('read') ? status(200) : refused(hrefs.collection, 'read')
    case 'PUT':
      return status(405)
    case 'POST':
      return may.has('bind') ? allowed : refused(hrefs.collection, 'bind')
    case 'DELETE':
      return around.has('unbind') ? allowed : refused(hrefs.home, 'unbind')
    case 'MKCALENDAR':
      return status(403)
    case 'COPY':
      return may.has('read') ? allowed : refused(hrefs.collection, 'read')
    case 'MOVE':
      if (!around.has('unbind')) return refused(hrefs.home, 'unbind')
      return isOwn ? allowed : status(403)
    default:
      return plainly(method, hrefs.collection, may)
  }
}

function onMember(method: Method, { found, target, hrefs }: Place): Expected {
  const isThere = target.member?.isThere === true
  if (found.kind === 'nothing') {
    if (method === 'PUT') return status(409)
    return method === 'LOCK' ? allowed : status(404)
  }
  const may = found.rights
  const isRead = may.has('read')
  switch (method) {
    case 'PUT':
      if (!may.has('bind') && !may.has('write-content')) return refused(hrefs.collection, 'write-content')
      if (isThere) return may.has('write-content') ? allowed : refused(hrefs.member, 'write-content')
      return may.has('bind') ? allowed : refused(hrefs.collection, 'bind')
    case 'DELETE':
      if (!isThere && isRead) return status(404)
      if (!may.has('unbind')) return refused(hrefs.collection, 'unbind')
      return isThere ? allowed : status(404)
    default:
  }
  if (!isRead) return refused(hrefs.collection, 'read')
  if (method === 'LOCK' && !isThere) return allowed
  if (!isThere) return status(404)
  switch (method) {
    case 'GET':
    case 'HEAD':
    case 'OPTIONS':
      return status(200)
    case 'ACL':
      return status(405)
    case 'COPY':
      return allowed
    case 'MOVE':
      return may.has('unbind') ? allowed : refused(hrefs.collection, 'unbind')
    default:
      return plainly(method, hrefs.member, may)
  }
}
