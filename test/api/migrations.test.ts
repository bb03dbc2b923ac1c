import { describe, expect, it } from 'vitest'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { hrefsIn } from '../features/moves.ts'

const server = useServer({ migration: { privateNetworks: '127.0.0.0/8', followMs: 50, retryMs: 1 } })
const guarded = useServer()

const call = async (account: Account, method: 'GET' | 'POST', path: string, body?: unknown) => {
  const headers = { 'Content-Type': 'application/json' }
  const sent = body === undefined ? {} : { headers, body: JSON.stringify(body) }
  const { status, text } = await account.request(method, `/api/migrations${path}`, sent)
  return { status, body: text === '' ? undefined : JSON.parse(text), text }
}

const filled = async (count: number): Promise<Account> => {
  const there = await server.account()
  for (let n = 0; n < count; n += 1) await there.put(`${there.contacts}c${n}.vcf`, card(`c${n}`))
  return there
}

const from = (there: Account, more: object = {}) => ({
  ...{ url: server.url, user: there.name, password: there.password },
  ...more,
})

/** Asks until the migration is as it should be. */
async function until(account: Account, id: number, isIt: (shown: Shown) => boolean): Promise<Shown> {
  for (let round = 0; round < 500; round += 1) {
    const { body } = await call(account, 'GET', `/${id}`)
    if (isIt(body)) return body
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('It does not come to that.')
}

interface Shown {
  readonly state: string
  readonly isActive: boolean
  readonly counts: Readonly<Record<string, number>>
  readonly notes: readonly string[]
}

describe('/api/migrations', () => {
  it('moves an account in while its owner looks on, and undoes it', async () => {
    const [there, here] = [await filled(30), await server.account()]
    const { status, body, text } = await call(here, 'POST', '', from(there))
    expect(status).toBe(202)
    expect(body).toMatchObject({ url: `${server.url}/`, user: there.name, isActive: true })
    expect(text).not.toContain(there.password)
    const done = await until(here, body.id, ({ state }) => state === 'finished')
    expect(done.counts).toMatchObject({ found: 30, copied: 30, identical: 30 })
    const { body: all } = await call(here, 'GET', `/${body.id}/items`)
    expect(all.items).toHaveLength(30)
    expect(all.items[0]).toMatchObject({ outcome: 'copied', verdict: 'identical' })
    expect((await call(here, 'GET', `/${body.id}/items?odd`)).body.items).toEqual([])
    expect((await call(here, 'GET', `/${body.id}/items?after=${all.items[28].id}`)).body.items).toHaveLength(
      1,
    )
    expect((await call(here, 'GET', '')).body.migrations).toMatchObject([{ id: body.id, state: 'finished' }])
    await until(here, body.id, ({ isActive }) => !isActive)
    expect((await call(here, 'POST', `/${body.id}/undo`)).status).toBe(202)
    await until(here, body.id, ({ state, isActive }) => state === 'undone' && !isActive)
    expect(await hrefsIn(here, here.contacts)).toEqual([])
  })

  it('follows until it is stopped; one at a time', async () => {
    const [there, here] = [await filled(2), await server.account()]
    const { body } = await call(here, 'POST', '', from(there, { follow: true }))
    expect((await call(here, 'POST', '', from(there))).status).toBe(422)
    await until(here, body.id, ({ counts }) => counts.identical === 2)
    await there.put(`${there.contacts}late.vcf`, card('late'))
    await until(here, body.id, ({ counts }) => counts.identical === 3)
    const stopped = await call(here, 'POST', `/${body.id}/stop`)
    expect(stopped.body).toMatchObject({ state: 'finished', isActive: false })
  })

  it('says why it cannot: the password, the address, what was sent', async () => {
    const [there, here] = [await filled(1), await server.account()]
    const wrong = await call(here, 'POST', '', from(there, { password: 'wrong' }))
    expect(wrong).toMatchObject({ status: 422, body: { detail: expect.stringMatching(/refuses/) } })
    expect((await call(here, 'POST', '', { url: 'ftp://x', user: 'u', password: 'p' })).status).toBe(422)
    const inside = from(there, { url: server.url.replace('//', '//u:p@') })
    expect((await call(here, 'POST', '', inside)).status).toBe(422)
    expect((await call(here, 'GET', '')).body.migrations).toEqual([])
  })

  it("reaches public addresses only, and shows nobody another's", async () => {
    const [there, here] = [await filled(1), await guarded.account()]
    const refused = await call(here, 'POST', '', from(there))
    expect(refused).toMatchObject({ status: 422, body: { detail: expect.stringMatching(/not at a public/) } })
    const [mine, other] = [await server.account(), await server.account()]
    const { body } = await call(mine, 'POST', '', from(there))
    expect((await call(other, 'GET', `/${body.id}`)).status).toBe(404)
    expect((await call(other, 'POST', `/${body.id}/undo`)).status).toBe(404)
    await until(mine, body.id, ({ isActive }) => !isActive)
  })
})
