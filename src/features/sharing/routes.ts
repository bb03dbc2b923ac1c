import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { type CollectionRow, listCollections } from '../../../storage/collections.ts'
import { listHomes } from '../../../storage/homes.ts'
import { listMountsOf, type Mounted } from '../../../storage/mounts.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import { type LinkedCollection, listPublicLinks, removePublicLink } from '../../../storage/public-links.ts'
import { listSharees, type Sharee } from '../../../storage/shares.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import {
  type ApiCall,
  type ApiReply,
  idIn,
  originOf,
  type Route,
  route,
  routeWithBody,
} from '../../api/route.ts'
import type { Session } from '../../auth/session.ts'
import { findOwnCollection } from '../accounts/own-collection.ts'
import { makePublicLink, publicLinkPath } from './public-links.ts'
import { newLink, newShare, shareChange } from './schema.ts'
import { findShareeFor } from './sharees.ts'
import { acceptInvite, declineInvite, findInvite, type Sharing, shareCollection, unshare } from './sharing.ts'

/** Sharing over the API: the same as by command or by Apple's invitations. */
export const sharingRoutes: readonly Route[] = [
  route({ method: 'GET', path: '/shares', summary: 'What I share with others' }, async (call) => {
    const given = await call.store.read((reader) => sharesOf(reader, call.session.principal))
    return { status: 200, body: { shares: given.map(shownShare) } }
  }),
  routeWithBody(
    { method: 'POST', path: '/shares', summary: 'Share a collection of mine' },
    newShare,
    (call) =>
      write(call, async (tx, sharing) => {
        const { principal: owner } = call.session
        const collection = await findOwnCollection(tx, owner, call.body.collection)
        const principal = await findShareeFor(tx, call.session, call.body.with)
        const { access, summary } = call.body
        await shareCollection(tx, { collection, principal, access, summary }, sharing)
        const made = (await sharesOf(tx, owner)).find(
          ({ share }) => share.collectionId === collection.id && share.principalId === principal.id,
        )
        return { status: 201, body: made && shownShare(made) }
      }),
  ),
  routeWithBody(
    { method: 'PATCH', path: '/shares/:id', summary: 'Change what a share lets do' },
    shareChange,
    (call) =>
      write(call, async (tx, sharing) => {
        const found = await mustFindShare(tx, call)
        const { access, summary } = call.body
        await shareCollection(tx, { ...found, access, summary }, sharing)
        return { status: 200, body: shownShare(await mustFindShare(tx, call)) }
      }),
  ),
  route({ method: 'DELETE', path: '/shares/:id', summary: 'Stop sharing' }, (call) =>
    write(call, async (tx, sharing) => {
      await unshare(tx, await mustFindShare(tx, call), sharing)
      return { status: 204 }
    }),
  ),
  route({ method: 'GET', path: '/invites', summary: 'What others share with me' }, async (call) => {
    const received = await call.store.read((reader) => listMountsOf(reader, call.session.principal.id))
    return { status: 200, body: { invites: received.map(shownInvite) } }
  }),
  route({ method: 'POST', path: '/invites/:id/accept', summary: 'Show it in my home' }, (call) =>
    answerInvite(call, acceptInvite),
  ),
  route({ method: 'POST', path: '/invites/:id/decline', summary: 'Decline or leave it' }, (call) =>
    answerInvite(call, declineInvite),
  ),
  route({ method: 'GET', path: '/links', summary: 'My public links' }, async (call) => {
    const links = await call.store.read((reader) => listPublicLinks(reader, call.session.principal.id))
    return { status: 200, body: { links: links.map((link) => shownLink(link, call.session)) } }
  }),
  routeWithBody(
    { method: 'POST', path: '/links', summary: 'Make a public link to a collection of mine' },
    newLink,
    (call) =>
      write(call, async (tx) => {
        const collection = await findOwnCollection(tx, call.session.principal, call.body.collection)
        const { id } = await makePublicLink(tx, collection, call.body.label, call.settings)
        const made = (await listPublicLinks(tx, call.session.principal.id)).find(({ link }) => link.id === id)
        return { status: 201, body: made && shownLink(made, call.session) }
      }),
  ),
  route({ method: 'DELETE', path: '/links/:id', summary: 'Withdraw a public link' }, (call) =>
    write(call, async (tx) => {
      if (!(await removePublicLink(tx, call.session.principal.id, idIn(call)))) throw notFound()
      return { status: 204 }
    }),
  ),
]

function write<Body>(
  call: ApiCall<Body>,
  change: (tx: Writer, sharing: Sharing) => Promise<ApiReply>,
): Promise<ApiReply> {
  const { store, settings, newId } = call
  return store.write((tx) => change(tx, { origin: originOf(call), settings, newId }))
}

function answerInvite(
  call: ApiCall<undefined>,
  change: (tx: Writer, found: Mounted['mount'], sharing: Sharing) => Promise<unknown>,
): Promise<ApiReply> {
  return write(call, async (tx, sharing) => {
    const id = String(idIn(call))
    const { mount } = await findInvite(tx, call.session.principal, id)
    await change(tx, mount, sharing)
    return { status: 200, body: shownInvite(await findInvite(tx, call.session.principal, id)) }
  })
}

interface OwnShare extends Sharee {
  readonly collection: CollectionRow
}

async function sharesOf(reader: Reader, owner: PrincipalRow): Promise<OwnShare[]> {
  const collections: CollectionRow[] = []
  for (const home of await listHomes(reader, owner.id))
    collections.push(...(await listCollections(reader, home.id)))
  const byId = new Map(collections.map((row) => [row.id, row]))
  const sharees = await listSharees(reader, [...byId.keys()])
  return sharees.flatMap((sharee) => {
    const collection = byId.get(sharee.share.collectionId)
    return collection ? [{ ...sharee, collection }] : []
  })
}

async function mustFindShare(reader: Reader, call: ApiCall<unknown>): Promise<OwnShare> {
  const id = idIn(call)
  const found = (await sharesOf(reader, call.session.principal)).find(({ share }) => share.id === id)
  if (!found) throw notFound()
  return found
}

const notFound = (): Error => refuseStatus(404, 'There is nothing at this address.')

function shownCollection({ name, kind, displayname }: CollectionRow) {
  return { name, kind, displayName: displayname || name }
}

function shownPrincipal({ name, kind, displayName }: PrincipalRow) {
  return { name, kind, displayName }
}

function shownShare({ share, principal, state, collection }: OwnShare) {
  const { id, access, summary } = share
  const shown = {
    id,
    collection: shownCollection(collection),
    with: shownPrincipal(principal),
    access,
    summary,
  }
  return state === null || state === undefined ? shown : { ...shown, state }
}

function shownInvite({ mount, collection, owner }: Mounted) {
  const { id, state, access, name } = mount
  const from = shownPrincipal(owner)
  return {
    id,
    state,
    access,
    from,
    collection: shownCollection(collection),
    ...(state === 'accepted' ? { name } : {}),
  }
}

/** The address is a secret that outlives the app password of a device: one that may only read is not told it. */
function shownLink({ link, collection }: LinkedCollection, { scope }: Session) {
  const { id, label, token, lastUsedAt } = link
  return {
    id,
    label,
    collection: shownCollection(collection),
    ...(scope === 'write' ? { path: publicLinkPath(collection, token) } : {}),
    lastUsedAt,
  }
}
