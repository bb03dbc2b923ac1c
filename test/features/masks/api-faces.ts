import { apiRoutes } from '../../../src/api/routes.ts'
import { call } from '../history/world.ts'
import { listsAsking } from './list-faces.ts'
import type { World } from './world.ts'

type Paths = readonly string[] | Promise<readonly string[]>

/** How a route is held to a mask. */
export interface Face {
  /** What the viewer asks for, one after the other. */
  readonly paths: (world: World) => Paths
  /** It grows with every change, and tells that there was one: only nothing hidden may stand in it. */
  readonly grows?: boolean
}

const same = (paths: Face['paths']): Face => ({ paths })
const growing = (paths: Face['paths']): Face => ({ paths, grows: true })
const ofJane =
  (what: string) =>
  ({ jane }: World) => [`/parties/${jane}${what}`]
const own = (path: string): Face => same(() => [path])

/** Every route of the API that shows something, by its address: what a masked viewer asks there. */
export const apiFaces: Readonly<Record<string, Face>> = {
  '/books': own('/books'),
  '/cards/labels': own('/cards/labels'),
  '/labels/:name': own('/labels/friend'),
  '/labels': own('/labels?limit=500'),
  '/cards/:id': same(({ card }) => [`/cards/${card}`]),
  '/cards/:id/masked': same(({ card }) => [`/cards/${card}/masked?hide=PHOTO`]),
  '/cards/:id/photo': same(({ card }) => [`/cards/${card}/photo`]),
  '/cards/:id/vcard': same(({ card }) =>
    ['', '?version=3.0', '?version=4.0', '?version=2.1'].map((query) => `/cards/${card}/vcard${query}`),
  ),
  '/parties': same(({ bookId, secret: { values } }) => [
    ...['/parties', '/parties?kind=org', `/parties?book=${bookId}`, '/parties?role=customer'],
    ...values.map((value) => `/parties?book=${bookId}&label=${encodeURIComponent(value)}`),
  ]),
  '/parties/letters': own('/parties/letters'),
  // These are asked by POST: one answers as the members of a list do, the other has a test of its own.
  '/parties/query': own('/parties/query'),
  '/parties/export': own('/parties/export'),
  '/parties/:id': same(({ jane, acme }) => [`/parties/${jane}`, `/parties/${acme}`]),
  '/parties/:id/people': same(({ acme }) =>
    ['now', 'past', 'all'].map((when) => `/parties/${acme}/people?when=${when}`),
  ),
  '/parties/:id/tree': same(({ acme }) => [`/parties/${acme}/tree`]),
  '/parties/:id/fields': same(ofJane('/fields')),
  '/parties/:id/cadence': same(ofJane('/cadence')),
  '/parties/:id/consents': same(ofJane('/consents')),
  '/parties/:id/consents/answer': same(ofJane('/consents/answer?channel=mail')),
  '/parties/:id/export': growing(ofJane('/export')),
  '/parties/:id/erasure': same(ofJane('/erasure')),
  '/erasures': own('/erasures'),
  '/erasures/:id': own('/erasures/1'),
  '/retention': own('/retention'),
  '/retention/log': own('/retention/log'),
  '/retention/:id': own('/retention/1'),
  '/retention/:id/preview': own('/retention/1/preview'),
  '/grants': own('/grants'),
  '/grants/received': own('/grants/received'),
  '/grants/:id': own('/grants/1'),
  '/parties/:id/access': same(ofJane('/access')),
  '/parties/:id/pinned': same(ofJane('/pinned')),
  '/parties/:id/upcoming': same(ofJane('/upcoming')),
  '/parties/:id/timeline': growing(({ jane, acme }) => [
    `/parties/${jane}/timeline`,
    `/parties/${acme}/timeline`,
  ]),
  '/parties/:id/history': growing(({ jane, acme }) => [
    `/parties/${jane}/history`,
    `/parties/${acme}/history`,
  ]),
  '/parties/:id/links': same(ofJane('/links')),
  // Only whom the viewer sees: the same that /parties shows.
  '/files/:id/parties': own('/files/1/parties'),
  '/party-roles': own('/party-roles'),
  '/relation-types': own('/relation-types'),
  '/suggestions': own('/suggestions'),
  '/duplicates': own('/duplicates'),
  '/merges': same(({ jane }) => [`/merges?party=${jane}`]),
  '/merges/preview': same(async ({ jane, viewer }) => {
    const { items } = (await call(viewer, 'GET', '/parties?limit=500')).json
    return items.map(({ id }: { id: number }) => `/merges/preview?a=${jane}&b=${id}`)
  }),
  '/search': same(({ secret: { asked, values } }) =>
    [...values.map(asked), ...values, 'Jane'].map((text) => `/search?q=${encodeURIComponent(text)}`),
  ),
  '/lists': own('/lists'),
  '/lists/:id': same(async (world) => (await listsAsking(world)).map((id) => `/lists/${id}`)),
  '/lists/:id/members': same(async (world) => (await listsAsking(world)).map((id) => `/lists/${id}/members`)),
  '/lists/counts': own('/lists/counts'),
  // It is asked by POST, and answers as the members of a list do.
  '/lists/preview': own('/lists/preview'),
  '/lookup': same(({ secret: { asked, values } }) =>
    values.map((value) => {
      const text = asked(value)
      return `/lookup?${/@/.test(text) ? 'mail' : 'number'}=${encodeURIComponent(text)}`
    }),
  ),
  '/objects/:id/history': growing(({ card }) => [`/objects/${card}/history`]),
  '/objects/:id/history/:revision': growing(statesOf('')),
  '/objects/:id/history/:revision/octets': growing(statesOf('/octets')),
  '/objects/:id/links': same(({ card }) => [`/objects/${card}/links`]),
  '/held': own('/held'),
  '/held/:id': same(async ({ viewer }) => {
    const { held } = (await call(viewer, 'GET', '/held')).json
    return held.map(({ id }: { id: number }) => `/held/${id}`)
  }),
  '/fields': own('/fields'),
  '/fields/:id': own('/fields/1'),
  '/fields/counts': own('/fields/counts'),
  '/cadences': own('/cadences'),
  '/activities/:id': own('/activities/1'),
  '/teams/:name/timeline': growing(({ viewer }) => [`/teams/${viewer.name}/timeline`]),
  '/changes': growing(() => ['/changes', '/changes?after=0']),
  '/openapi.json': own('/openapi.json'),
  '/export': growing(() => ['/export', '/export?history=1']),
  '/collections/:name/export': same(({ book }) => {
    const name = book.split('/').at(-2)
    return ['', '?format=csv', '?format=vcard&version=4.0', '?format=jcard'].map(
      (query) => `/collections/${name}/export${query}`,
    )
  }),
  '/birthdays': own('/birthdays'),
  '/birthdays/:id': own('/birthdays/1'),
  '/party-links/:id': own('/party-links/1'),
  '/trash/:id': own('/trash/1'),
  '/bursts': own('/bursts'),
  '/directory': own('/directory'),
  '/history/removed': own('/history/removed'),
  '/history/undos': own('/history/undos'),
  '/history/undos/:id': own('/history/undos/1'),
  '/history/undos/:id/items': own('/history/undos/1/items'),
  '/imports': own('/imports'),
  '/imports/:id': own('/imports/1'),
  '/imports/:id/columns': own('/imports/1/columns'),
  '/imports/:id/items': own('/imports/1/items'),
  '/imports/:id/items/:number': own('/imports/1/items/1'),
  '/imports/:id/wish': own('/imports/1/wish'),
  '/parties/bulk/:id': own('/parties/bulk/1'),
  '/parties/bulk/:id/people': own('/parties/bulk/1/people'),
  '/trash': growing(() => ['/trash', '/trash?kind=card&q=jane']),
  '/migrations': own('/migrations'),
  '/migrations/:id': own('/migrations/1'),
  '/migrations/:id/items': own('/migrations/1/items'),
  '/objects/:id/devices': growing(async ({ card, viewer }) => {
    await call(viewer, 'POST', '/devices', { label: 'Phone' })
    return [`/objects/${card}/devices`]
  }),
  '/objects/:id/served': growing(async ({ card, viewer }) => {
    const { id } = (await call(viewer, 'POST', '/devices', { label: 'Phone' })).json
    return [`/objects/${card}/served?device=${id}`]
  }),
}

/** Shows nothing of anybody's cards: accounts, rights and programs. `/events` is listened to on its own. */
export const facesWithoutCards: readonly string[] = [
  ...['/account', '/calendars', '/capabilities', '/devices', '/devices/:id', '/session', '/sessions'],
  ...['/file-homes', '/file-homes/:id/children', '/files', '/files/:id', '/files/:id/children'],
  ...['/files/:id/content', '/files/:id/preview', '/files/:id/versions', '/files/:id/shares'],
  ...['/files/:id/links', '/folder-links'],
  '/files/:id/versions/:version/content',
  ...[
    '/calendar-events',
    '/calendar-events/:id',
    '/calendar-events/:id/ics',
    '/calendar-events/preview-rule',
  ],
  ...['/time-zones', '/tasks', '/tasks/:id', '/calendars/:id', '/books/:id', '/principals'],
  ...['/free-busy', '/subscriptions', '/subscriptions/:id'],
  ...[
    '/account/storage',
    '/account/sign-ins',
    '/devices/:id/profile',
    '/sign-ins',
    '/blocked',
    '/accounts',
    '/accounts/:name',
  ],
  ...[
    '/all-devices',
    '/all-devices/:id',
    '/all-devices/:id/served',
    '/delegates/:name',
    '/groups',
    '/groups/:name',
    '/jobs',
    '/outbox',
    '/removed',
    '/removed/:id',
    '/resources',
  ],
  ...['/resources/:name', '/rooms', '/rooms/:name', '/server', '/settings', '/storage'],
  ...['/settings/log', '/settings/:key'],
  ...['/collections/:id/history', '/labels/:name/history', '/lists/:id/history', '/fields/:id/history'],
  ...['/shares/:id/history', '/files/:id/shares/:name/history'],
  ...['/grants/:id/history', '/team-roles/:id/history', '/masks/:name/history'],
  ...['/accounts/:name/history', '/groups/:name/history', '/rooms/:name/history', '/resources/:name/history'],
  ...['/events', '/invites', '/links', '/masks', '/masks/:name', '/shares'],
  ...['/invites/:id', '/links/:id', '/shares/:id', '/outbox/:id', '/sessions/:id', '/tokens/:id'],
  ...['/team-roles', '/team-roles/:id', '/tokens', '/webhooks', '/webhooks/:id', '/webhooks/:id/deliveries'],
]

/** The address of every route that shows something. */
export const shownRoutes: readonly string[] = [
  ...new Set(apiRoutes.filter(({ kind }) => kind === 'look').map(({ path }) => path)),
]

function statesOf(what: string): Face['paths'] {
  return async ({ viewer, card }) => {
    const { items } = (await call(viewer, 'GET', `/objects/${card}/history`)).json
    return items.map(({ revision }: { revision: number }) => `/objects/${card}/history/${revision}${what}`)
  }
}
