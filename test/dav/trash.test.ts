import { describe, expect, it } from 'vitest'
import { card, event } from './objects.ts'
import { makeCalendar } from './queries.ts'
import { useServer } from './server.ts'

describe('law 4: nothing in the trash blocks a name or a UID (complaint 6, IOS-24)', () => {
  const server = useServer()

  it('fifty times deleted and made again, under the same name', async () => {
    const alice = await server.account()
    const path = `${alice.calendar}a.ics`
    let token = (await alice.sync(alice.calendar, '')).syncToken ?? ''
    for (let turn = 0; turn < 50; turn += 1) {
      const put = await alice.put(path, event('u', [`X-TURN:${turn}`]), { 'If-None-Match': '*' })
      expect(put.status).toBe(201)
      const made = await alice.sync(alice.calendar, token)
      expect(made.responses.map(({ href, status }) => [href, status])).toEqual([[path, undefined]])
      expect((await alice.delete(path, { 'If-Match': put.headers.etag ?? '' })).status).toBe(204)
      const gone = await alice.sync(alice.calendar, made.syncToken ?? '')
      expect(gone.responses.map(({ href, status }) => [href, status])).toEqual([[path, 404]])
      token = gone.syncToken ?? ''
    }
    expect((await alice.get(path)).status).toBe(404)
    expect((await alice.sync(alice.calendar, '')).hrefs).toEqual([])
  })

  it('the same UID under a new name each time', async () => {
    const alice = await server.account()
    const { syncToken = '' } = await alice.sync(alice.contacts, '')
    for (let turn = 0; turn < 50; turn += 1) {
      expect((await alice.put(`${alice.contacts}n${turn}.vcf`, card('u'))).status).toBe(201)
      expect((await alice.delete(`${alice.contacts}n${turn}.vcf`)).status).toBe(204)
    }
    expect((await alice.put(`${alice.contacts}n0.vcf`, card('u'))).status).toBe(201)
    const { changed, removed } = await alice.syncAll(alice.contacts, syncToken, 7)
    expect(changed).toEqual([`${alice.contacts}n0.vcf`])
    expect(removed).toHaveLength(49)
  })

  it('another UID under a name whose object was deleted', async () => {
    const alice = await server.account()
    const path = `${alice.contacts}a.vcf`
    for (let turn = 0; turn < 20; turn += 1) {
      expect((await alice.put(path, card(`u${turn}`))).status).toBe(201)
      expect((await alice.delete(path)).status).toBe(204)
    }
  })

  it('copy then delete, and delete then copy, between two calendars (MIN-37)', async () => {
    const alice = await server.account()
    const other = await makeCalendar(alice, 'other', ['VEVENT'])
    await alice.put(`${alice.calendar}a.ics`, event('u'))
    let [from, to] = [alice.calendar, other]
    for (let turn = 0; turn < 20; turn += 1) {
      const isCopy = turn % 2 === 0
      const arrived = isCopy
        ? await alice.request('COPY', `${from}a.ics`, { headers: { Destination: `${to}a.ics` } })
        : await alice.put(`${to}a.ics`, event('u'))
      expect(arrived.status).toBe(201)
      expect((await alice.delete(`${from}a.ics`)).status).toBe(204)
      ;[from, to] = [to, from]
    }
    expect((await alice.get(`${from}a.ics`)).text).toBe(event('u'))
    expect((await alice.get(`${to}a.ics`)).status).toBe(404)
  })

  it('MOVE onto a name or UID that was deleted, and DELETE of what has been moved', async () => {
    const alice = await server.account()
    const [a, b] = [`${alice.calendar}a.ics`, `${alice.calendar}b.ics`]
    for (let turn = 0; turn < 20; turn += 1) {
      expect((await alice.put(a, event('u', [`X-TURN:${turn}`]))).status).toBe(201)
      expect((await alice.request('MOVE', a, { headers: { Destination: b } })).status).toBe(201)
      expect((await alice.delete(a)).status).toBe(404)
      expect((await alice.delete(b)).status).toBe(204)
    }
  })

  it('whole calendars deleted and made again, with the same objects', async () => {
    const alice = await server.account()
    const tokens = new Set<string | undefined>()
    for (let turn = 0; turn < 20; turn += 1) {
      const place = await makeCalendar(alice, 'again', ['VEVENT'])
      expect((await alice.sync(place, '')).hrefs).toEqual([])
      expect((await alice.put(`${place}a.ics`, event('u'))).status).toBe(201)
      tokens.add((await alice.sync(place, '')).syncToken)
      expect((await alice.delete(place)).status).toBe(204)
      expect((await alice.get(`${place}a.ics`)).status).toBe(404)
    }
    expect(tokens.size).toBe(20)
  })

  it('a PUT that is sent again answers the same and changes nothing (complaint 7)', async () => {
    const alice = await server.account()
    const path = `${alice.calendar}a.ics`
    const first = await alice.put(path, event('u'))
    const { syncToken } = await alice.sync(alice.calendar, '')
    const answers = await Promise.all(Array.from({ length: 10 }, () => alice.put(path, event('u'))))
    for (const { status, headers } of answers)
      expect([status, headers.etag]).toEqual([204, first.headers.etag])
    expect((await alice.sync(alice.calendar, '')).syncToken).toBe(syncToken)
  })

  it('ten at once for one name: one is made, the others see it', async () => {
    const alice = await server.account()
    const path = `${alice.calendar}a.ics`
    const statuses = await Promise.all(
      Array.from({ length: 10 }, async (_, n) => {
        const { status } = await alice.put(path, event('u', [`X-N:${n}`]), { 'If-None-Match': '*' })
        return status
      }),
    )
    expect(statuses.sort()).toEqual([201, ...Array(9).fill(412)])
    const names = await Promise.all(
      Array.from(
        { length: 10 },
        async (_, n) => (await alice.put(`${alice.calendar}n${n}.ics`, event('v'))).status,
      ),
    )
    expect(names.sort()).toEqual([201, ...Array(9).fill(403)])
  })
})
