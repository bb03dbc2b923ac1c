import { card } from '../../dav/objects.ts'
import { company } from '../../features/facts/world.ts'
import { call } from '../json.ts'
import { type Examples, made } from './example.ts'
import { putOf, type World } from './world.ts'

const note = { kind: 'note', html: '<p>met</p>' }

/** Two of alice who may be one. */
async function twins(world: World): Promise<string> {
  const uid = `twin${Math.random()}`
  for (const one of [`${uid}-1`, `${uid}-2`])
    await putOf(world, one, `Anna ${uid}`, [`EMAIL:${uid}@example.org`])
  const { items } = await made(world, 'GET', '/duplicates')
  return `/duplicates/${items[0].id}/not-same`
}

async function written(world: World): Promise<string> {
  const { id } = await made(world, 'POST', '/activities', { ...note, parties: [world.jane] })
  return `/activities/${id}`
}

async function defined(world: World): Promise<string> {
  const field = { label: `Size ${Math.random()}`, type: 'number' }
  return `/fields/${(await made(world, 'POST', '/fields', field)).id}`
}

/** Where the last change of something is brought back. */
async function restoreOf(world: World, path: string): Promise<string> {
  const { items } = await made(world, 'GET', `${path}/history`)
  return `${path}/history/${items[0].revision}/restore`
}

/** An organisation that is part of another. */
async function belonging(world: World) {
  const shows = `/parties/${await company(world.alice, `Part ${Math.random()}`)}`
  const { id } = await made(world, 'POST', `${shows}/parents`, { organisation: world.group })
  return { path: `${shows}/parents/${id}`, shows }
}

/** Routes about people and what is known of them. */
export const peopleExamples: Examples = {
  'POST /fields': async () => ({
    ...{ path: '/fields', body: { label: 'Weight', type: 'number' }, shows: '/fields' },
  }),
  'POST /labels': async () => ({
    ...{ path: '/labels', body: { name: 'Later', color: '#1e90ff' }, shows: '/labels' },
  }),
  'PATCH /fields/:id': async (world) => {
    const path = await defined(world)
    return { path, body: { position: 7 }, shows: path }
  },
  'POST /fields/:id/history/:revision/restore': async (world) => {
    const path = await defined(world)
    await made(world, 'PATCH', path, { position: 7 })
    return { path: await restoreOf(world, path), shows: path }
  },
  'POST /labels/:name/history/:revision/restore': async (world) => {
    const path = '/labels/friend'
    for (const color of ['#1e90ff', '#112233']) await made(world, 'PATCH', path, { color })
    return { path: await restoreOf(world, path), shows: path }
  },
  'DELETE /fields/:id': async (world) => {
    const path = await defined(world)
    return { path, shows: path }
  },
  'POST /parties/bulk/:id/stop': async (world) => {
    // More than are looked at while one waits: a job begins, for nobody.
    const ids = Array.from({ length: 51 }, (_, at) => 900_000 + at)
    const { id } = await made(world, 'POST', '/parties/bulk', { ids, action: { do: 'delete' } })
    return { path: `/parties/bulk/${id}/stop`, shows: `/parties/bulk/${id}` }
  },
  'POST /duplicates/:id/not-same': async (world) => ({ path: await twins(world), shows: '/duplicates' }),
  'DELETE /duplicates/:id/not-same': async (world) => {
    const path = await twins(world)
    await made(world, 'POST', path)
    return { path, shows: '/duplicates' }
  },
  'POST /duplicates/scan': async (world) => {
    await made(world, 'GET', '/duplicates')
    const { store } = world.server.services
    const waiting = () => store.read(({ sql }) => sql.all('SELECT object_id FROM match_pending'))
    return { path: '/duplicates/scan', shows: waiting }
  },
  'PATCH /parties/:id': async ({ jane, alice }) => {
    const path = `/parties/${jane}`
    return { path, body: { roles: ['customer'], owner: alice.name }, shows: path }
  },
  'POST /parties/:id/parents': async ({ acme, group }) => ({
    ...{ path: `/parties/${acme}/parents`, body: { organisation: group }, shows: `/parties/${acme}` },
  }),
  'PATCH /parties/:id/parents/:item': async (world) => ({
    ...{ ...(await belonging(world)), body: { kind: 'branch' } },
  }),
  'DELETE /parties/:id/parents/:item': belonging,
  'PUT /parties/:id/cadence': async ({ jane }) => {
    const path = `/parties/${jane}/cadence`
    return { path, body: { everyDays: 30 }, shows: path }
  },
  'DELETE /parties/:id/cadence': async (world) => {
    const path = `/parties/${world.jane}/cadence`
    await made(world, 'PUT', path, { everyDays: 10 })
    return { path, shows: path }
  },
  'POST /activities': async ({ jane }) => ({
    ...{ path: '/activities', body: { ...note, parties: [jane] }, shows: `/parties/${jane}/timeline` },
  }),
  'PATCH /activities/:id': async (world) => {
    const path = await written(world)
    return { path, body: { html: '<p>met again</p>' }, shows: path }
  },
  'DELETE /activities/:id': async (world) => {
    const path = await written(world)
    return { path, shows: path }
  },
  'POST /parties/:id/links': async ({ jane, object }) => ({
    ...{ path: `/parties/${jane}/links`, body: { kind: 'object', id: object } },
    shows: `/objects/${object}/links`,
  }),
  'DELETE /party-links/:id': async (world) => {
    const { jane, object } = world
    const { id } = await made(world, 'POST', `/parties/${jane}/links`, { kind: 'object', id: object })
    return { path: `/party-links/${id}`, shows: `/objects/${object}/links` }
  },
  'POST /suggestions/:id/dismiss': async (world) => {
    for (const org of ['Nobody', 'Initech']) await putOf(world, 'ann', 'Ann Doe', [`ORG:${org}`])
    const { items } = await made(world, 'GET', '/suggestions')
    return { path: `/suggestions/${items[0].id}/dismiss`, shows: '/suggestions' }
  },
  'DELETE /suggestions/:id/dismiss': async (world) => {
    for (const org of ['Nobody', 'Hooli']) await putOf(world, 'ann', 'Ann Doe', [`ORG:${org}`])
    const { items } = await made(world, 'GET', '/suggestions')
    await made(world, 'POST', `/suggestions/${items[0].id}/dismiss`)
    return { path: `/suggestions/${items[0].id}/dismiss`, shows: '/suggestions' }
  },
  'POST /held/:id/restore': async (world) => {
    const { alice, phone } = world
    await putOf(world, 'back', 'Held Back')
    const path = `${alice.contacts}back.vcf`
    await phone.put(path, card('back', 'Held Here', ['TEL:2']), { 'If-Match': '"old"' })
    const { held } = (await call(alice, 'GET', '/held')).json
    await call(alice, 'DELETE', `/held/${held[0].id}`)
    return { path: `/held/${held[0].id}/restore`, shows: '/held' }
  },
  'DELETE /held/:id': async (world) => {
    const { alice, phone } = world
    await putOf(world, 'held', 'Held Back')
    const path = `${alice.contacts}held.vcf`
    await phone.put(path, card('held', 'Held Here', ['TEL:2']), { 'If-Match': '"old"' })
    const { held } = (await call(alice, 'GET', '/held')).json
    return { path: `/held/${held[0].id}`, shows: '/held' }
  },
  'POST /bursts/:id/keep': async (world) => {
    const { alice, phone } = world
    for (let n = 0; n < 4; n += 1) await putOf(world, `burst-${n}`, `Burst ${n}`)
    world.server.clock.now += 3_600_000
    for (let n = 0; n < 4; n += 1) await phone.delete(`${alice.contacts}burst-${n}.vcf`)
    const { items } = await made(world, 'GET', '/bursts')
    return { path: `/bursts/${items[0].id}/keep`, shows: '/bursts' }
  },
}
