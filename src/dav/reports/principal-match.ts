import { type ClarkName, dav } from '../../../protocol/dav/names.ts'
import { asRequest, readPrincipalMatch } from '../../../protocol/dav/principal-reports.ts'
import { listMembers } from '../../../storage/objects.ts'
import { findPrincipalsByIds } from '../../../storage/principals.ts'
import { visibleAmong, visiblePages } from '../../features/rights/directory.ts'
import { askerOf } from '../../features/rights/rights.ts'
import { type Call, preferencesOf } from '../call.ts'
import { createRenderer, type Renderer } from '../pages.ts'
import { proxyPath } from '../paths.ts'
import { requireDepth0 } from '../principals/answer.ts'
import { hrefsIn, propertiesIn, readResponses } from '../principals/read-back.ts'
import { streamedMultistatus } from '../reply.ts'
import {
  type CollectionResource,
  isCollection,
  isHome,
  type PrincipalResource,
  type Resource,
} from '../resource.ts'
import { childrenOf, principalResource } from '../tree.ts'
import type { Report } from './report.ts'

/**
 * What of a collection is the caller: his principal, the groups that hold him, and the delegates he is one of; or what
 * names him in one of its properties.
 */
export const principalMatch: Report = {
  name: dav('principal-match'),
  rfc: 'RFC 3744 §9.3',
  on: ['root', 'principals', 'principal', 'calendar-home', 'addressbook-home', 'calendar', 'addressbook'],
  answer: async (call, resource, body) => {
    requireDepth0(call)
    const { property, request } = readPrincipalMatch(body)
    const renderer = createRenderer(call, request, preferencesOf(call).minimal)
    if (isHome(resource) || isCollection(resource)) {
      return streamedMultistatus(property === undefined ? none() : owned(call, resource, property, renderer))
    }
    const found = property === undefined ? themselves(call) : naming(call, property)
    return streamedMultistatus(rendered(found, resource, renderer))
  },
}

async function* none(): AsyncGenerator<string> {}

async function* rendered(
  found: AsyncGenerator<readonly Resource[]>,
  { kind, href }: Resource,
  renderer: Renderer,
): AsyncGenerator<string> {
  for await (const page of found) {
    // Of a principal only what it holds itself is meant.
    yield await renderer.alike(kind === 'principal' ? page.filter((one) => one.href.startsWith(href)) : page)
  }
}

/** Every principal that the caller is. */
async function* themselves({ session, store }: Call): AsyncGenerator<readonly Resource[]> {
  const [principals, delegators] = await store.read(async (reader) => {
    const { principals, proxyOf } = await askerOf(reader, session)
    const rows = await findPrincipalsByIds(reader, [...principals, ...proxyOf.keys()])
    const visible = await visibleAmong(
      reader,
      session,
      rows.sort((a, b) => a.id - b.id),
    )
    const delegated = visible.flatMap((principal) => {
      const mode = proxyOf.get(principal.id)
      return mode ? [{ principal, mode }] : []
    })
    return [visible.filter(({ id }) => principals.has(id)), delegated]
  })
  yield principals.map((principal) => principalResource(session, principal))
  yield delegators.map(({ principal, mode }): Resource => {
    const { access } = principalResource(session, principal)
    return { kind: 'proxy', href: proxyPath(principal.segment, mode), principal, mode, access }
  })
}

/** The principals that name the caller in a property. */
async function* naming(call: Call, property: ClarkName): AsyncGenerator<readonly PrincipalResource[]> {
  const hrefs = await identitiesOf(call)
  for await (const page of visiblePages(call.store, call.session)) {
    const resources = page.map((principal) => principalResource(call.session, principal))
    const matching = await namedIn(call, resources, property, hrefs)
    yield resources.filter((_, at) => matching[at])
  }
}

/** What is below a home or a collection and names the caller: objects have the owner of what they are in. */
async function* owned(
  call: Call,
  resource: Resource,
  property: ClarkName,
  renderer: Renderer,
): AsyncGenerator<string> {
  const hrefs = await identitiesOf(call)
  const within = isHome(resource)
    ? await call.store.read((reader) => childrenOf(reader, call.session, resource))
    : []
  const collections: readonly CollectionResource[] = isCollection(resource) ? [resource] : within
  const matching = await namedIn(call, collections, property, hrefs)
  for (const [at, collection] of collections.entries()) {
    if (!matching[at]) continue
    if (collection !== resource) yield await renderer.alike([collection])
    if (property !== dav('owner')) continue
    const page = renderer.members(collection)
    for await (const rows of listMembers(call.store, collection.row.id)) yield* page(rows)
  }
}

/** The hrefs of every principal that the caller is. */
async function identitiesOf(call: Call): Promise<ReadonlySet<string>> {
  const hrefs = new Set<string>()
  for await (const page of themselves(call)) for (const { href } of page) hrefs.add(href)
  return hrefs
}

/** Of each resource, whether a property of it holds one of these hrefs. */
async function namedIn(
  call: Call,
  resources: readonly Resource[],
  property: ClarkName,
  hrefs: ReadonlySet<string>,
): Promise<boolean[]> {
  const renderer = createRenderer(call, asRequest([{ name: property, inner: [] }]), true)
  return readResponses(await renderer.alike(resources)).map((response) => {
    const value = propertiesIn(response).get(property)
    return value !== undefined && hrefsIn(value).some((href) => hrefs.has(href))
  })
}
