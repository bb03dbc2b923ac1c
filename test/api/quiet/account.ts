import { expect } from 'vitest'
import { runNextJob } from '../../../src/jobs/run-job.ts'
import { jobs } from '../../../src/jobs/runner.ts'
import { hasUnsettled } from '../../../storage/events/position.ts'
import { ensureJob } from '../../../storage/upkeep/jobs.ts'
import type { TestServer } from '../../dav/server.ts'
import { type Examples, made } from './example.ts'
import { putOf, type World } from './world.ts'

const dayMs = 86_400_000

/** A webhook of a port where nobody listens. */
async function hooked(world: World): Promise<string> {
  const { id } = await made(world, 'POST', '/webhooks', { url: 'http://127.0.0.1:9/' })
  return `/webhooks/${id}`
}

async function send({ services, clock }: TestServer): Promise<void> {
  await expect.poll(() => services.store.read(hasUnsettled), { timeout: 20_000 }).toBe(false)
  await services.store.write((tx) => ensureJob(tx, 'outbox', clock.now))
  await runNextJob(services, jobs, new AbortController().signal, 'outbox')
}

/** A webhook, and something that has not arrived, which was tried so often. */
async function undelivered(world: World, attempts: number) {
  const path = await hooked(world)
  await putOf(world, `told-${attempts}`, 'Told Once')
  const shows = `${path}/deliveries`
  const first = async () => (await made(world, 'GET', shows)).items[0]
  for (let n = 0; n < attempts; n += 1) {
    await send(world.server)
    world.server.clock.now = Date.parse((await first()).nextAt ?? new Date(world.server.clock.now))
  }
  expect(await first()).toMatchObject({ attempts })
  return { path, shows, first: (await first()).id }
}

/** Routes about an account and its programs. */
export const accountExamples: Examples = {
  'POST /tokens': async () => ({
    ...{ path: '/tokens', body: { label: 'x', scopes: ['people:read'] }, shows: '/tokens' },
  }),
  'DELETE /tokens/:id': async (world) => {
    const { id } = await made(world, 'POST', '/tokens', { label: 'y', scopes: ['people:read'] })
    return { path: `/tokens/${id}`, shows: '/tokens' }
  },
  'PATCH /imports/:id/wish': async ({ alice }) => {
    const { text } = await alice.request('POST', '/api/imports?name=a.csv&dryRun=1', {
      headers: { 'Content-Type': 'application/octet-stream' },
      body: 'First Name,Email\nAda,ada@example.org\n',
    })
    const path = `/imports/${JSON.parse(text).id}/wish`
    return { path, body: { labels: ['fair'], choices: { each: { 1: 'skip' } } }, shows: path }
  },
  'POST /devices': async () => ({ path: '/devices', body: { label: 'Pixel' }, shows: '/devices' }),
  'DELETE /devices/:id': async (world) => {
    const { id } = await made(world, 'POST', '/devices', { label: 'Pixel' })
    return { path: `/devices/${id}`, shows: '/devices' }
  },
  'POST /devices/:id/setup-link': async (world) => {
    const { id, password } = await made(world, 'POST', '/devices', { label: 'Pixel' })
    const text = 'SELECT secret_hash FROM setup_links WHERE device_id = $1'
    const shows = () => world.server.services.store.read((reader) => reader.sql.first(text, [id]))
    return { path: `/devices/${id}/setup-link`, body: { password }, shows }
  },
  'POST /devices/test': async (world) => ({
    path: '/devices/test',
    body: {},
    // Nothing is otherwise afterwards: it asks, and tells what was answered.
    shows: async () => world.server.services.newId(),
  }),
  'POST /webhooks': async () => ({
    ...{ path: '/webhooks', body: { url: 'http://127.0.0.1:9/' }, shows: '/webhooks' },
  }),
  'PATCH /webhooks/:id': async (world) => {
    const path = await hooked(world)
    return { path, body: { description: 'mine' }, shows: path }
  },
  'DELETE /webhooks/:id': async (world) => {
    const path = await hooked(world)
    return { path, shows: path }
  },
  'POST /webhooks/:id/rotate': async (world) => {
    const path = await hooked(world)
    return { path: `${path}/rotate`, shows: path }
  },
  'POST /webhooks/:id/replay': async (world) => {
    const { path, shows } = await undelivered(world, 9)
    const since = new Date(world.server.clock.now - 30 * dayMs).toISOString()
    return { path: `${path}/replay`, body: { since }, shows }
  },
  'POST /webhooks/:id/deliveries/:delivery/replay': async (world) => {
    const { path, shows, first } = await undelivered(world, 1)
    return { path: `${path}/deliveries/${first}/replay`, shows }
  },
}
