import { describe, expect, it } from 'vitest'
import { runNextJob } from '../../../src/jobs/run-job.ts'
import { jobs } from '../../../src/jobs/runner.ts'
import { hasUnsettled } from '../../../storage/events/position.ts'
import { ensureJob } from '../../../storage/upkeep/jobs.ts'
import { listenTo } from '../../api/event-source.ts'
import { call } from '../../api/json.ts'
import { useReceiver } from '../../api/receiver.ts'
import { useServer } from '../../dav/server.ts'
import { makeWorld, secrets, type World } from './world.ts'

const server = useServer({
  events: { heartbeatMs: 300, recheckMs: 200, pollMs: 200 },
  webhooks: { privateNetworks: '127.0.0.0/8' },
})
const receiver = useReceiver()
const soon = { timeout: 20_000 }

/** Where something happened, and nothing of what is there. */
const told = ['about', 'at', 'collection', 'id', 'kind', 'object', 'party', 'request']

/** Sends what was written, once it is final. */
async function send(): Promise<void> {
  const { store } = server.services
  await expect.poll(() => store.read(hasUnsettled), soon).toBe(false)
  await store.write((tx) => ensureJob(tx, 'outbox', server.clock.now))
  await runNextJob(server.services, jobs, new AbortController().signal, 'outbox')
}

/** What is hidden comes, changes and goes; and then something that the viewer sees. */
async function edit({ owner, jane, secret, write }: World): Promise<void> {
  for (const value of [...secret.values, undefined]) await write(value)
  const roles = { roles: ['customer'] }
  expect((await call(owner, 'PATCH', `/parties/${jane}`, roles)).status).toBe(200)
  const note = {
    kind: 'call',
    parties: [jane],
    at: new Date(server.clock.now).toISOString(),
    html: 'Zugspitze',
  }
  expect((await call(owner, 'POST', '/activities', note)).status).toBe(201)
}

describe('what is told of people who are seen through a mask', () => {
  it.each(Object.keys(secrets))('%s: ids and addresses, to a stream and to a webhook', async (name) => {
    const secret = secrets[name]
    if (!secret) throw new Error('No such mask.')
    const world = await makeWorld(server, secret)
    const path = receiver.path()
    expect((await call(world.viewer, 'POST', '/webhooks', { url: receiver.url + path })).status).toBe(201)
    const { next } = (await call(world.viewer, 'GET', '/changes')).json
    const listener = await listenTo(server.url, world.viewer)
    await edit(world)
    await expect.poll(() => listener.messages.map(({ data }) => data.kind), soon).toContain('activity-added')
    await send()
    listener.close()
    const sent = receiver.at(path).map(({ body }) => body)
    const asked = await call(world.viewer, 'GET', `/changes?after=${encodeURIComponent(next)}`)
    expect(asked.text).toContain('activity-added')
    const all = [listener.text, ...sent, asked.text].join('\n')
    expect(sent.join('')).toContain(`"party":{"id":${world.jane}}`)
    for (const value of [...secret.values, 'Jane Doe', 'Zugspitze', 'customer'])
      expect(all).not.toContain(value)
    const bodies = [
      ...listener.messages.map(({ data }) => data),
      ...sent.map((body) => JSON.parse(body).data),
    ]
    for (const data of bodies) expect(told).toEqual(expect.arrayContaining(Object.keys(data)))
  })
})
