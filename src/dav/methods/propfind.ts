import { readDepth } from '../../../protocol/dav/headers.ts'
import { refuse } from '../../../protocol/dav/preconditions.ts'
import { readPropfind } from '../../../protocol/dav/propfind.ts'
import { listMembers } from '../../../storage/objects.ts'
import { visiblePages } from '../../features/rights/directory.ts'
import { type Call, preferencesOf, readXmlBody } from '../call.ts'
import { listIn } from '../files/list.ts'
import { createRenderer, type Renderer } from '../pages.ts'
import { davRoot, homesPath, type Location, principalsPath } from '../paths.ts'
import { appliedPreferences } from '../preferences.ts'
import { type Reply, streamedMultistatus } from '../reply.ts'
import { isCollection, isFolderLike, isHome, type Resource } from '../resource.ts'
import { notificationsIn } from '../sharing/notifications.ts'
import { mustFind, mustRead, principalResource } from '../tree.ts'

/**
 * Properties of a resource, and with Depth 1 of what it holds; the resource itself comes first (MIN-14).
 * Without Depth the resource alone is meant; the RFC's infinity would have to be refused.
 * @see RFC 4918 §9.1
 */
export async function propfind(call: Call): Promise<Reply> {
  const depth = readDepth(call.headers.depth as string | undefined) ?? 0
  // What the caller may read is judged once the body is there: he may take his time over it.
  const body = await readXmlBody(call)
  const resource = await call.store.read((reader) => mustRead(reader, call.session, call.location))
  if (depth === 'infinity') throw refuse('propfind-finite-depth', { message: 'Depth must be 0 or 1.' })
  const request = readPropfind(body)
  const { minimal, depthNoroot } = preferencesOf(call)
  const renderer = createRenderer(call, request, minimal)
  return streamedMultistatus(listing(call, renderer, resource, depth, depth === 1 && depthNoroot), {
    ...appliedPreferences({ minimal, depthNoroot: depth === 1 && depthNoroot }),
    // Of other folders the path alone says where they are: see the handler (MIN-10).
    ...(isFolderLike(resource) && resource.href !== call.path && { 'Content-Location': resource.href }),
  })
}

async function* listing(
  call: Call,
  renderer: Renderer,
  resource: Resource,
  depth: 0 | 1,
  withoutRoot: boolean,
): AsyncGenerator<string> {
  if (!withoutRoot) yield await renderer.one(resource)
  if (depth === 0) return
  if (isCollection(resource)) {
    const page = renderer.members(resource)
    for await (const rows of listMembers(call.store, resource.row.id)) yield* page(rows)
  } else if (isFolderLike(resource)) {
    for await (const nodes of listIn(call, resource)) yield renderer.alike(nodes)
  } else if (isHome(resource)) {
    yield renderer.alike(await renderer.children(resource))
  } else if (resource.kind === 'notifications') {
    const told = await call.store.read((reader) => notificationsIn(reader, resource))
    for (const notification of told) yield await renderer.one(notification)
  } else if (resource.kind === 'principals') {
    yield* principalsIn(call, renderer)
  } else {
    for (const child of await foldersIn(call, resource)) yield await renderer.one(child)
  }
}

/** Whom the caller may see, himself first: some clients look for their account no further. */
async function* principalsIn({ session, store }: Call, renderer: Renderer): AsyncGenerator<string> {
  const own = session.principal
  yield renderer.one(principalResource(session, own))
  for await (const page of visiblePages(store, session)) {
    const others = page.filter(({ id }) => id !== own.id)
    yield renderer.alike(others.map((principal) => principalResource(session, principal)))
  }
}

/** What the folders above the homes hold for this account. */
async function foldersIn({ session, store }: Call, resource: Resource): Promise<Resource[]> {
  const { segment } = session.principal
  const find = (location: Location): Promise<Resource> =>
    store.read((reader) => mustFind(reader, session, location))
  switch (resource.kind) {
    case 'root':
      if (resource.href !== davRoot) return [await find({ kind: 'root', href: davRoot })]
      return [
        await find({ kind: 'principals', href: principalsPath }),
        await find({ kind: 'homes', home: 'calendars' }),
        await find({ kind: 'homes', home: 'addressbooks' }),
        await find({ kind: 'homes', home: 'files' }),
      ]
    case 'principal': {
      if (resource.principal.kind === 'group') return []
      const { segment } = resource.principal
      return [
        await find({ kind: 'proxy', segment, mode: 'read' }),
        await find({ kind: 'proxy', segment, mode: 'write' }),
      ]
    }
    case 'homes': {
      if (resource.href === homesPath.files) return [await find({ kind: 'node', segment, names: [] })]
      const home = resource.href === homesPath.calendars ? 'calendars' : 'addressbooks'
      return [await find({ kind: 'home', home, segment })]
    }
    default:
      return []
  }
}
