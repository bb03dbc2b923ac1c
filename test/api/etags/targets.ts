import { createAccount } from '../../../src/features/accounts/accounts.ts'
import { addToOutbox } from '../../../storage/events/outbox.ts'
import { findPrincipalByName } from '../../../storage/principals.ts'
import { event, todo } from '../../dav/objects.ts'
import { company, person } from '../../features/facts/world.ts'
import { idOf } from '../../features/history/world.ts'
import { made } from '../quiet/example.ts'
import type { World } from '../quiet/world.ts'

/** Something of alice, who administers, that a route changes. */
export interface Target {
  readonly path: string
  readonly body?: unknown
}

type Make = (world: World) => Promise<Target>

let count = 0
const unique = (word: string): string => `${word}${(count += 1)}`

/** Whoever has an account beside alice. */
async function somebody({ server }: World): Promise<string> {
  const name = unique('who')
  const { store, settings, newId } = server.services
  await store.write((tx) => createAccount(tx, { name, displayName: name }, settings, newId))
  return name
}

const at = (path: string, body?: unknown): Target => ({ path, ...(body !== undefined && { body }) })

const calendarEvent: Make = async ({ alice, server }) => {
  const path = `${alice.calendar}${unique('e')}.ics`
  await alice.put(path, event(path))
  return at(`/calendar-events/${await idOf(server, path)}`)
}
const task: Make = async ({ alice, server }) => {
  const path = `${alice.tasks}${unique('t')}.ics`
  await alice.put(path, todo(path))
  return at(`/tasks/${await idOf(server, path)}`)
}
const ofParty = async (world: World) => person(world.alice, unique('Some One'))
const cardOf: Make = async (world) => {
  const { cards } = await made(world, 'GET', `/parties/${await ofParty(world)}`)
  return at(`/cards/${cards[0].id}`)
}
const picture =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const pictured: Make = async (world) => {
  const id = await person(world.alice, unique('Some One'), [`PHOTO:${picture}`])
  const { cards } = await made(world, 'GET', `/parties/${id}`)
  return at(`/cards/${cards[0].id}/photo`)
}
const file: Make = async ({ alice, server }) => {
  const name = `${unique('f')}.txt`
  await alice.put(`${alice.files}${name}`, 'x')
  const row = await server.services.store.read(({ sql }) =>
    sql.first<{ id: number }>('SELECT id FROM nodes WHERE name = $1', [name]),
  )
  return at(`/files/${row?.id}`)
}
const tied =
  (what: 'memberships' | 'relations' | 'parents'): Make =>
  async (world) => {
    const [id, other] =
      what === 'parents'
        ? [await company(world.alice, unique('Some Firm')), world.group]
        : [await ofParty(world), what === 'memberships' ? world.acme : world.jane]
    const body = {
      memberships: { organisation: other, title: 'x' },
      relations: { type: 'friend', other },
      parents: { parent: other },
    }[what]
    await made(world, 'POST', `/parties/${id}/${what}`, body)
    const { [what]: items } = await made(world, 'GET', `/parties/${id}`)
    return at(`/parties/${id}/${what}/${items[0].id}`)
  }
const posted =
  (path: string, body: (world: World) => object | Promise<object>): Make =>
  async (world) =>
    at(`${path}/${(await made(world, 'POST', path, await body(world))).id}`)
const share = posted('/shares', async (world) => ({ collection: 'calendar', with: await somebody(world) }))
const grant = posted('/grants', async (world) => ({
  what: { kind: 'person', party: await ofParty(world) },
  with: await somebody(world),
}))
const list = posted('/lists', () => ({ name: unique('List'), filter: { all: [] } }))
const rule = posted('/retention', () => ({ kind: 'untouched', days: 30_000 - (count += 1) }))
const followed = posted('/subscriptions', () => ({
  url: `https://127.0.0.1:9/${unique('a')}.ics`,
  title: 'x',
}))
const calendar = posted('/calendars', () => ({ title: unique('Calendar') }))
const book = posted('/books', () => ({ title: unique('Book') }))
const role = posted('/team-roles', () => ({ name: unique('Role'), capabilities: [] }))
const named =
  (path: string): Make =>
  async (world) => {
    const name = unique('thing')
    await made(world, 'POST', path, { name, displayName: name })
    return at(`${path}/${name}`)
  }
const group = named('/groups')
const label: Make = async (world) => {
  const name = unique('label')
  await person(world.alice, unique('Some One'), [`CATEGORIES:${name}`])
  return at(`/labels/${name}`)
}
const mask: Make = async (world) => {
  const path = `/masks/${unique('mask')}`
  await made(world, 'PUT', path, { hide: ['NOTE'] })
  return at(path)
}
const birthdays: Make = async (world) => {
  const all = await made(world, 'GET', '/birthdays')
  const { id } = all.birthdays[0] ?? (await made(world, 'POST', '/birthdays', {}))
  return at(`/birthdays/${id}`)
}
/** Somebody in, or with, another thing. */
const holding =
  (thing: Make, what: string): Make =>
  async (world) => {
    const { path } = await thing(world)
    const name = await somebody(world)
    await made(world, 'POST', `${path}/${what}`, { name })
    return at(`${path}/${what}/${name}`)
  }
const removed: Make = async (world) => {
  const name = unique('removed')
  await made(world, 'POST', '/groups', { name })
  const gone = await made(world, 'DELETE', `/groups/${name}`)
  return at(`/removed/${gone.removed}?name=${name}`)
}
const openedFolder: Make = async (world) => {
  const [{ id: home }] = (await made(world, 'GET', '/file-homes')).items
  const folder = await made(world, 'POST', `/file-homes/${home}/folders`, { name: unique('folder') })
  const [path, name] = [`/files/${folder.id}/shares`, await somebody(world)]
  await made(world, 'POST', path, { with: name, access: 'read' })
  return at(`${path}/${name}`)
}
const linkedFolder: Make = async (world) => {
  const [{ id: home }] = (await made(world, 'GET', '/file-homes')).items
  const folder = await made(world, 'POST', `/file-homes/${home}/folders`, { name: unique('folder') })
  const { items } = await made(world, 'POST', `/files/${folder.id}/links`, {})
  return at(`/files/${folder.id}/links/${items[0].id}`)
}
const delegate: Make = async (world) => {
  const path = `/delegates/${world.alice.name}/${await somebody(world)}`
  await made(world, 'PUT', path, { mode: 'read' })
  return at(path)
}
const waiting: Make = async (world) => {
  const { store } = world.server.services
  const owner = await store.read((reader) => findPrincipalByName(reader, world.alice.name))
  const row = {
    kind: 'webhook',
    target: unique('9'),
    principalId: owner?.id ?? 0,
    payload: 'x',
    key: unique('k'),
  }
  await store.write((tx) => addToOutbox(tx, [row]))
  const { items } = await made(world, 'GET', '/outbox?state=waiting&limit=1')
  return at(`/outbox/${items[0].id}`)
}
const discarded: Make = async (world) => {
  const { alice } = world
  await alice.put(`${alice.files}${unique('g')}.txt`, 'x')
  await alice.delete(`${alice.files}g${count}.txt`)
  const { items } = await made(world, 'GET', '/trash?kind=file&limit=1')
  return at(`/trash/${items[0].id}`)
}
const withBody =
  (thing: Make, body: unknown): Make =>
  async (world) => ({ ...(await thing(world)), body })
const below =
  (thing: Make, path: string): Make =>
  async (world) => ({ path: `${(await thing(world)).path}${path}` })
const plainSetting = '/settings/limits.publicLinks'
const booked: Make = async (world) => {
  const { path } = await list(world)
  await made(world, 'POST', `${path}/book`)
  return at(`${path}/book`)
}

/** What changes something that others than facts are, by its route. */
export const targets: Readonly<Record<string, Make>> = {
  'PATCH /accounts/:name': async (world) => at(`/accounts/${await somebody(world)}`, { displayName: 'x' }),
  'DELETE /accounts/:name': async (world) => at(`/accounts/${await somebody(world)}?purge=1`),
  'DELETE /outbox/:id': waiting,
  'PATCH /groups/:name': withBody(group, { displayName: 'x' }),
  'DELETE /groups/:name': group,
  'DELETE /removed/:id': removed,
  'DELETE /groups/:name/members/:member': holding(group, 'members'),
  'PUT /settings/:key': async () => at(plainSetting, { value: 77 }),
  'DELETE /settings/:key': async (world) => {
    await made(world, 'PUT', plainSetting, { value: 78 })
    return at(plainSetting)
  },
  'PATCH /rooms/:name': withBody(named('/rooms'), { displayName: 'x' }),
  'DELETE /rooms/:name': named('/rooms'),
  'PATCH /resources/:name': withBody(named('/resources'), { displayName: 'x' }),
  'DELETE /resources/:name': named('/resources'),
  'PUT /delegates/:name/:delegate': withBody(delegate, { mode: 'write' }),
  'DELETE /delegates/:name/:delegate': delegate,
  'PATCH /birthdays/:id': withBody(birthdays, { otherDates: true }),
  'DELETE /birthdays/:id': birthdays,
  'PATCH /calendar-events/:id': withBody(calendarEvent, { title: 'x' }),
  'DELETE /calendar-events/:id': calendarEvent,
  'PATCH /cards/:id': withBody(cardOf, { edits: [{ op: 'employer', title: 'x' }] }),
  'DELETE /cards/:id': cardOf,
  'DELETE /cards/:id/photo': pictured,
  'PUT /parties/:id/cadence': async (world) => {
    const path = `/parties/${await ofParty(world)}/cadence`
    await made(world, 'PUT', path, { everyDays: 10 })
    return at(path, { everyDays: 30 })
  },
  'PATCH /devices/:id': withBody(
    posted('/devices', () => ({ label: unique('Phone') })),
    { kind: 'apple' },
  ),
  'PATCH /parties/:id/fields': async (world) => {
    const { key } = await made(world, 'POST', '/fields', { label: unique('Size'), type: 'text' })
    return at(`/parties/${await ofParty(world)}/fields`, { [key]: 'x' })
  },
  'PATCH /files/:id': async (world) => ({ ...(await file(world)), body: { name: unique('renamed') } }),
  'DELETE /files/:id': file,
  'DELETE /files/:id/links/:link': linkedFolder,
  'DELETE /files/:id/shares/:name': openedFolder,
  'DELETE /parties/:id': async (world) => at(`/parties/${await ofParty(world)}`),
  'PATCH /parties/:id/memberships/:item': withBody(tied('memberships'), { title: 'y' }),
  'DELETE /parties/:id/memberships/:item': tied('memberships'),
  'PATCH /parties/:id/relations/:item': withBody(tied('relations'), { type: 'colleague' }),
  'DELETE /parties/:id/relations/:item': tied('relations'),
  'PATCH /grants/:id': withBody(grant, { access: 'read-write' }),
  'DELETE /grants/:id': grant,
  'PATCH /labels/:name': async (world) => ({ ...(await label(world)), body: { name: unique('renamed') } }),
  'DELETE /labels/:name': label,
  'PUT /masks/:name': withBody(mask, { hide: ['TITLE'] }),
  'DELETE /masks/:name': mask,
  'DELETE /masks/:name/holders/:holder': holding(mask, 'holders'),
  'PATCH /retention/:id': withBody(rule, { days: 29_000 }),
  'DELETE /retention/:id': rule,
  'PATCH /shares/:id': withBody(share, { access: 'read-write' }),
  'DELETE /shares/:id': share,
  'DELETE /links/:id': posted('/links', () => ({ collection: 'contacts' })),
  'PATCH /lists/:id': withBody(list, { name: 'Another' }),
  'DELETE /lists/:id': list,
  'DELETE /lists/:id/book': booked,
  'PATCH /tasks/:id': withBody(task, { title: 'x' }),
  'DELETE /tasks/:id': task,
  'PATCH /calendars/:id': withBody(calendar, { title: 'x' }),
  'DELETE /calendars/:id': calendar,
  'PATCH /books/:id': withBody(book, { title: 'x' }),
  'DELETE /books/:id': book,
  'PATCH /subscriptions/:id': withBody(followed, { title: 'y' }),
  'DELETE /subscriptions/:id': followed,
  'PATCH /team-roles/:id': async (world) => ({ ...(await role(world)), body: { name: unique('Other') } }),
  'DELETE /team-roles/:id': role,
  'DELETE /team-roles/:id/holders/:name': holding(role, 'holders'),
  'DELETE /trash/:id': discarded,
}

/** Octets are sent to these: test/api/cards.test.ts and files.test.ts do. */
export const ofOctets: Readonly<Record<string, Make>> = {
  'PUT /cards/:id/photo': pictured,
  'PUT /files/:id/content': below(file, '/content'),
}
