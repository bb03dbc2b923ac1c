import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { type CollectionRow, listCollections } from '../../../storage/collections.ts'
import { findEndedLink } from '../../../storage/ended-links.ts'
import { listHomes } from '../../../storage/homes.ts'
import { listMountsOf, type Mounted } from '../../../storage/mounts.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import { type LinkedCollection, listPublicLinks } from '../../../storage/public-links.ts'
import { listSharees, type Sharee } from '../../../storage/shares.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { etagOfContent } from '../../api/conditions.ts'
import { type ChangeCall, change, idIn, look, originOf, type RawCall, type Route } from '../../api/route.ts'
import type { Session } from '../../auth/session.ts'
import { findOwnCollection } from '../accounts/own-collection.ts'
import { bringBackLink, endPublicLink } from './ended-links.ts'
import { makePublicLink, publicLinkPath } from './public-links.ts'
import {
  invite,
  inviteList,
  link,
  linkList,
  newLink,
  newShare,
  share,
  shareChange,
  shareList,
} from './schema.ts'
import { findShareeFor } from './sharees.ts'
import { acceptInvite, declineInvite, findInvite, type Sharing, shareCollection, unshare } from './sharing.ts'

const scope = 'sharing'
const affects = 'other'

/** Sharing over the API: the same as by command or by Apple's invitations. */
export const sharingRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/shares', summary: 'What I share with others', scope },
    { reply: shareList },
    async (call) => {
      const given = await call.store.read((reader) => sharesOf(reader, call.session.principal))
      return { body: { shares: given.map(shownShare) } }
    },
  ),
  change(
    { method: 'POST', path: '/shares', summary: 'Share a collection of mine', scope, affects },
    { body: newShare, reply: share, statuses: [201] },
    async (tx, call) => {
      const { principal: owner } = call.session
      const collection = await findOwnCollection(tx, owner, call.body.collection)
      const principal = await findShareeFor(tx, call.session, call.body.with)
      const { access, summary } = call.body
      await shareCollection(tx, { collection, principal, access, summary }, sharingOf(call))
      const made = (await sharesOf(tx, owner)).find(
        ({ share }) => share.collectionId === collection.id && share.principalId === principal.id,
      )
      return { body: made && shownShare(made) }
    },
  ),
  look({ method: 'GET', path: '/shares/:id', summary: 'One of them', scope }, { reply: share }, (call) =>
    call.store.read(async (reader) => ({ body: shownShare(await mustFindShare(reader, call)) })),
  ),
  change(
    { method: 'PATCH', path: '/shares/:id', summary: 'Change what a share lets do', scope, affects },
    { body: shareChange, reply: share },
    async (tx, call) => {
      const found = await mustFindShare(tx, call)
      const { access, summary } = call.body
      await shareCollection(tx, { ...found, access, summary }, sharingOf(call))
      return { body: shownShare(await mustFindShare(tx, call)) }
    },
  ),
  change(
    { method: 'DELETE', path: '/shares/:id', summary: 'Stop sharing', scope, affects },
    {},
    async (tx, call) => {
      await unshare(tx, await mustFindShare(tx, call), sharingOf(call))
      return {}
    },
  ),
  look(
    { method: 'GET', path: '/invites', summary: 'What others share with me', scope },
    { reply: inviteList },
    async (call) => {
      const received = await call.store.read((reader) => listMountsOf(reader, call.session.principal.id))
      return { body: { invites: received.map(shownInvite) } }
    },
  ),
  look({ method: 'GET', path: '/invites/:id', summary: 'One of them', scope }, { reply: invite }, (call) =>
    call.store.read(async (reader) => ({
      body: shownInvite(await findInvite(reader, call.session.principal, String(idIn(call)))),
    })),
  ),
  change(
    { method: 'POST', path: '/invites/:id/accept', summary: 'Show it in my home', scope, affects },
    { reply: invite },
    (tx, call) => answerInvite(tx, call, acceptInvite),
  ),
  change(
    { method: 'POST', path: '/invites/:id/decline', summary: 'Decline or leave it', scope, affects },
    { reply: invite },
    (tx, call) => answerInvite(tx, call, declineInvite),
  ),
  look(
    { method: 'GET', path: '/links', summary: 'My public links', scope },
    { reply: linkList },
    async (call) => {
      const links = await call.store.read((reader) => listPublicLinks(reader, call.session.principal.id))
      return { body: { links: links.map((link) => shownLink(link, call.session)) } }
    },
  ),
  change(
    { method: 'POST', path: '/links', summary: 'Make a public link to a collection of mine', scope, affects },
    { body: newLink, reply: link, statuses: [201] },
    async (tx, call) => {
      const collection = await findOwnCollection(tx, call.session.principal, call.body.collection)
      const { id } = await makePublicLink(tx, collection, call.body.label, call.settings)
      return { body: shownLink(await mustFindLink(tx, call, id), call.session) }
    },
  ),
  look(
    { method: 'GET', path: '/links/:id', summary: 'One of them', scope },
    { reply: link },
    async (call) => {
      const found = await call.store.read((reader) => mustFindLink(reader, call, idIn(call)))
      const body = shownLink(found, call.session)
      return { body, etag: etagOfContent({ ...body, lastUsedAt: null }) }
    },
  ),
  change(
    { method: 'DELETE', path: '/links/:id', summary: 'Withdraw a public link', scope, affects },
    {},
    async (tx, call) => {
      const { session, settings } = call
      if (!(await endPublicLink(tx, session.principal.id, idIn(call), settings))) throw notFound()
      return {}
    },
  ),
  change(
    {
      ...{ method: 'POST', path: '/links/:id/restore', scope, affects },
      summary: 'Bring back a public link that was withdrawn, under its address',
    },
    { reply: link },
    async (tx, call) => {
      const { id: ownerId } = call.session.principal
      const linkId = idIn(call)
      const ended = await findEndedLink(tx, ownerId, { kind: 'collection', linkId })
      if (!ended) throw notFound()
      await bringBackLink(tx, ownerId, ended, call.settings)
      return { body: shownLink(await mustFindLink(tx, call, linkId), call.session) }
    },
  ),
]

function sharingOf(call: ChangeCall<unknown>): Sharing {
  const { settings, newId } = call
  return { origin: originOf(call), settings, newId }
}

async function answerInvite(
  tx: Writer,
  call: ChangeCall<unknown>,
  answer: (tx: Writer, found: Mounted['mount'], sharing: Sharing) => Promise<unknown>,
) {
  const id = String(idIn(call))
  const { mount } = await findInvite(tx, call.session.principal, id)
  await answer(tx, mount, sharingOf(call))
  return { body: shownInvite(await findInvite(tx, call.session.principal, id)) }
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

async function mustFindShare(reader: Reader, call: Pick<RawCall, 'params' | 'session'>): Promise<OwnShare> {
  const id = idIn(call)
  const found = (await sharesOf(reader, call.session.principal)).find(({ share }) => share.id === id)
  if (!found) throw notFound()
  return found
}

async function mustFindLink(
  reader: Reader,
  { session }: Pick<RawCall, 'session'>,
  id: number,
): Promise<LinkedCollection> {
  const found = (await listPublicLinks(reader, session.principal.id)).find(({ link }) => link.id === id)
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
    collection: { ...shownCollection(collection), id: collection.id },
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
