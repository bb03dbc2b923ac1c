import { describe, expect, it } from 'vitest'
import { deviceOf } from '../dav/devices.ts'
import { calendar, card, event } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { masked } from '../dav/virtual/masked.ts'
import { call, idOf, uniqueName } from '../features/history/world.ts'
import { useShares } from '../features/shares.ts'

const server = useServer()
const shares = useShares(server)

async function history(client: Pick<Account, 'request'>, path: string) {
  const id = await idOf(server, path)
  const { status, json } = await call(client, 'GET', `/objects/${id}/history`)
  return { id, status, items: json?.items ?? [], etag: json?.etag, url: `/objects/${id}/history` }
}

/** Puts a card of a name of its own in each of these states. */
async function putStates(alice: Account, ...states: readonly string[][]): Promise<string> {
  const path = `${alice.contacts}${uniqueName('vcf')}`
  const uid = path.split('/').at(-1) ?? ''
  for (const [fn = '', ...lines] of states) await alice.put(path, card(uid, fn, lines))
  return path
}

describe('the API: the history of an object', () => {
  it('has each state with who made it, with what, and what it changed in plain words', async () => {
    const alice = await server.account()
    const phone = await deviceOf(server, alice, 'apple')
    const path = await putStates(alice, ['Ann Lee', 'TEL:1'])
    const uid = path.split('/').at(-1) ?? ''
    await phone.put(path, card(uid, 'Ann Lee', ['EMAIL:a@x', 'TEL:1', 'TEL;TYPE=CELL:2']))
    await alice.delete(path)
    const { items, etag } = await history(alice, path)
    expect(etag).toBe(null)
    expect(items).toMatchObject([
      { kind: 'deleted', author: alice.name, device: null, summary: '', isKept: true },
      {
        ...{ kind: 'updated', origin: 'client', author: alice.name, name: uid, component: 'VCARD' },
        device: { id: phone.id, label: 'apple', kind: 'apple' },
        summary: 'mail address added, phone added',
      },
      { kind: 'created', device: null, requestId: expect.any(String), summary: '', isSentOtherwise: false },
    ])
  })

  it('comes page by page', async () => {
    const alice = await server.account()
    const path = await putStates(alice, ...Array.from({ length: 5 }, (_, n) => [`State ${n}`]))
    const { url, items } = await history(alice, path)
    const first = await call(alice, 'GET', `${url}?limit=3`)
    const second = await call(alice, 'GET', `${url}?limit=3&cursor=${first.json.next}`)
    expect([...first.json.items, ...second.json.items]).toEqual(items)
    expect([first.json.items.length, second.json.next]).toEqual([3, null])
    expect(first.json.items[2].summary).toBe('name changed')
  })

  it('of a photo that was changed tells that', async () => {
    const alice = await server.account()
    const photo = (letter: string) => `PHOTO;ENCODING=b;TYPE=JPEG:${letter.repeat(20_000)}`
    const path = await putStates(alice, ['Ann', photo('A')], ['Ann', photo('B')])
    expect((await history(alice, path)).items[0].summary).toBe('photo changed')
  })

  it('is read by whoever reads the object, and for all others is not there', async () => {
    const [alice, bob, carol] = [await server.account(), await server.account(), await server.account()]
    const path = await putStates(alice, ['Ann'])
    await shares.share(alice.contacts, bob, 'read')
    expect((await history(bob, path)).items).toMatchObject([{ kind: 'created', author: alice.name }])
    const refused = await history(carol, path)
    expect(refused.status).toBe(404)
    const nothing = await call(carol, 'GET', '/objects/999999999/history')
    expect((await call(carol, 'GET', refused.url)).json).toEqual(nothing.json)
    const state = (await history(alice, path)).items[0].revision
    for (const one of [`${refused.url}/${state}`, `${refused.url}/${state}/octets`])
      expect((await call(carol, 'GET', one)).status).toBe(404)
    const other = await history(alice, await putStates(alice, ['Zoe']))
    expect((await call(alice, 'GET', `${other.url}/${state}`)).status).toBe(404)
  })

  it('is without the states that it had where the caller may not read', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const path = await putStates(alice, ['Secret name'], ['Public name'])
    const shared = `${alice.books}shared/`
    await alice.request('MKCOL', shared, {
      headers: { 'Content-Type': 'application/xml' },
      body: `<mkcol xmlns="DAV:"><set><prop><resourcetype><collection/><addressbook
        xmlns="urn:ietf:params:xml:ns:carddav"/></resourcetype></prop></set></mkcol>`,
    })
    const moved = `${shared}${uniqueName('vcf')}`
    expect((await alice.request('MOVE', path, { headers: { Destination: moved } })).status).toBe(201)
    await shares.share(shared, bob, 'read')
    const { items, url } = await history(bob, moved)
    expect(items).toMatchObject([{ kind: 'moved', summary: '' }])
    const all = await history(alice, moved)
    expect(all.items).toHaveLength(3)
    expect((await call(bob, 'GET', `${url}/${all.items[2].revision}`)).status).toBe(404)
    expect((await call(bob, 'GET', `${url}/${items[0].revision}`)).json.previous).toBe(null)
  })

  it('shows nobody the alarms of another', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const path = `${alice.calendar}${uniqueName('ics')}`
    const alarm = ['BEGIN:VALARM', 'ACTION:DISPLAY', 'DESCRIPTION:mine', 'TRIGGER:-PT5M', 'END:VALARM']
    await alice.put(path, event(path, ['DTSTART:20260115T100000Z', ...alarm]))
    await alice.put(path, event(path, ['DTSTART:20260115T110000Z', ...alarm]))
    await shares.share(alice.calendar, bob, 'read-write')
    const { items, url, id } = await history(bob, path)
    const then = `${url}/${items[1].revision}`
    expect((await call(bob, 'GET', then)).json.text).not.toContain('mine')
    expect((await call(bob, 'GET', `${then}/octets`)).text).not.toContain('mine')
    expect((await call(alice, 'GET', `${then}/octets`)).text).toContain('mine')
    expect((await call(bob, 'POST', `/objects/${id}/restore`, { revision: items[1].revision })).status).toBe(
      200,
    )
    expect((await alice.get(path)).text).toBe(event(path, ['DTSTART:20260115T100000Z', ...alarm]))
  })
})

describe('the API: history under a mask', () => {
  it('shows nothing of what is hidden, in no state, and restoring leaves it as it is', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await shares.share(alice.contacts, bob, 'read-write')
    const path = await putStates(
      alice,
      ['Ann', 'TEL;TYPE=HOME:secret-1', 'NOTE:a'],
      ['Ann', 'TEL;TYPE=HOME:secret-2', 'NOTE:a'],
      ['Ann', 'TEL;TYPE=HOME:secret-2', 'NOTE:b'],
    )
    await masked(server, { hide: ['TEL;TYPE=home'] }, bob)
    const { items, url, id } = await history(bob, path)
    expect(items.map(({ summary }: { summary: string }) => summary)).toEqual(['note changed', '', ''])
    for (const { revision } of items) {
      for (const one of [`${url}/${revision}`, `${url}/${revision}/octets`])
        expect((await call(bob, 'GET', one)).text).not.toContain('secret')
    }
    await call(bob, 'POST', `/objects/${id}/restore`, { revision: items[2].revision })
    const uid = path.split('/').at(-1) ?? ''
    expect((await alice.get(path)).text).toBe(card(uid, 'Ann', ['TEL;TYPE=HOME:secret-2', 'NOTE:a']))
  })
})

describe('the API: one state of an object', () => {
  it('is told against the one before, against now, and against what was sent', async () => {
    const alice = await server.account()
    const phone = await deviceOf(server, alice, 'apple')
    const path = await putStates(alice, ['Ann', 'X-OWN:kept', 'NOTE:a'])
    const uid = path.split('/').at(-1) ?? ''
    const { headers } = await phone.get(path)
    const sent = card(uid, 'Anna')
    await phone.put(path, sent, { 'If-Match': String(headers.etag) })
    await alice.put(path, card(uid, 'Anna Lee', ['X-OWN:kept']))
    const { items, url } = await history(alice, path)
    expect(items[1]).toMatchObject({ isSentOtherwise: true })
    const { json } = await call(alice, 'GET', `${url}/${items[1].revision}`)
    expect(json.sent).toBe(sent)
    expect(json.previous).toContainEqual({
      ...{ path: 'VCARD/NOTE', what: 'note', how: 'removed', before: 'NOTE:a', after: null },
    })
    expect(json.now).toContainEqual({
      ...{ path: 'VCARD/FN', what: 'name', how: 'changed', was: 'FN:Anna', is: 'FN:Anna Lee' },
    })
    expect(json.stored).toEqual([
      { path: 'VCARD/X-OWN', what: 'X-OWN', how: 'added', sent: null, stored: 'X-OWN:kept' },
    ])
    const octets = await call(alice, 'GET', `${url}/${items[1].revision}/octets?sent=1`)
    expect([octets.text, octets.headers['content-type']]).toEqual([sent, 'text/vcard'])
  })
})

describe('the API: restoring', () => {
  it('makes an object as it was, octet for octet, by an ordinary change', async () => {
    const alice = await server.account()
    const path = await putStates(alice, ['Old', 'NOTE:folded\r\n  line'], ['New'])
    const { id, items } = await history(alice, path)
    const { token } = await alice.syncAll(alice.contacts, '')
    const answer = await call(alice, 'POST', `/objects/${id}/restore`, { revision: items[1].revision })
    expect([answer.status, answer.json.kind]).toEqual([200, 'updated'])
    const now = await alice.get(path)
    expect(now.text).toBe(card(path.split('/').at(-1) ?? '', 'Old', ['NOTE:folded\r\n  line']))
    expect([answer.headers.etag, answer.json.etag]).toEqual([now.headers.etag, now.headers.etag])
    expect((await alice.syncAll(alice.contacts, token)).changed).toEqual([path])
    expect((await history(alice, path)).items[0]).toMatchObject({ kind: 'updated', origin: 'restore' })
    const again = await call(alice, 'POST', `/objects/${id}/restore`, { revision: items[1].revision })
    expect(again.json.kind).toBe('unchanged')
  })

  it('makes one field as it was, and what came later elsewhere stays byte for byte', async () => {
    const alice = await server.account()
    const labelled = ['item1.TEL:111', 'item1.X-ABLabel:Desk']
    const path = await putStates(
      alice,
      ['Ann', ...labelled, 'TEL:222'],
      ['Ann', 'item1.URL:http://x', 'item1.X-ABLabel:Web', 'TEL:333', 'X-Other;a=b:later'],
    )
    const { id, items, url } = await history(alice, path)
    const { json } = await call(alice, 'GET', `${url}/${items[1].revision}`)
    const field = json.now.find(({ was }: { was: string | null }) => was?.startsWith('TEL:111'))
    const answer = await call(alice, 'POST', `/objects/${id}/restore`, {
      revision: items[1].revision,
      fields: [{ path: field.path, was: field.was, is: field.is }],
    })
    expect(answer.status).toBe(200)
    const lines = (await alice.get(path)).text.split('\r\n').slice(5, -2)
    expect(lines.toSorted()).toEqual(
      [
        ...['item1.URL:http://x', 'item1.X-ABLabel:Web', 'X-Other;a=b:later'],
        ...(field.is === null ? ['TEL:333'] : []),
        ...['item2.TEL:111', 'item2.X-ABLabel:Desk'],
      ].toSorted(),
    )
    const gone = await call(alice, 'POST', `/objects/${id}/restore`, {
      revision: items[1].revision,
      fields: [{ path: 'VCARD/FN' }],
    })
    expect(gone.status).toBe(409)
  })

  it('brings back one instance of an event', async () => {
    const alice = await server.account()
    const path = `${alice.calendar}${uniqueName('ics')}`
    const series = ['DTSTART:20260105T090000Z', 'RRULE:FREQ=WEEKLY;COUNT=4']
    const part = (title: string, ...lines: string[]) => [
      ...[
        'BEGIN:VEVENT',
        `UID:${path}`,
        'DTSTAMP:20260101T000000Z',
        `SUMMARY:${title}`,
        ...lines,
        'END:VEVENT',
      ],
    ]
    const late = part('Late', 'DTSTART:20260112T110000Z', 'RECURRENCE-ID:20260112T090000Z')
    await alice.put(path, calendar([...part('Talk', ...series), ...late]))
    await alice.put(path, calendar(part('Walk', ...series)))
    const { id, items } = await history(alice, path)
    const fields = [{ path: 'VCALENDAR/VEVENT 20260112T090000Z' }]
    await call(alice, 'POST', `/objects/${id}/restore`, { revision: items[1].revision, fields })
    expect((await alice.get(path)).text).toBe(calendar([...part('Walk', ...series), ...late]))
  })

  it('brings what was deleted back under its name and UID, in an earlier state where that is asked', async () => {
    const alice = await server.account()
    const path = await putStates(alice, ['First'], ['Second'])
    const first = await alice.get(path)
    await alice.delete(path)
    const { id, items } = await history(alice, path)
    const answer = await call(alice, 'POST', `/objects/${id}/restore`, { revision: items[2].revision })
    expect([answer.status, answer.json.kind]).toEqual([200, 'updated'])
    expect((await alice.get(path)).text).toContain('FN:First')
    await alice.delete(path)
    await alice.put(path, first.body)
    const taken = await call(alice, 'POST', `/objects/${id}/restore`, { revision: items[1].revision })
    expect([taken.status, taken.json.detail]).toEqual([
      409,
      expect.stringContaining('There is another object'),
    ])
  })

  it('judges If-Match, and needs the right to write', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const path = await putStates(alice, ['Old'], ['New'])
    await shares.share(alice.contacts, bob, 'read')
    const { id, items, etag } = await history(alice, path)
    const restore = (who: Account, match: string) =>
      call(who, 'POST', `/objects/${id}/restore`, { revision: items[1].revision }, { 'If-Match': match })
    expect((await restore(alice, '"other"')).status).toBe(412)
    expect((await restore(bob, etag)).status).toBe(403)
    expect((await alice.get(path)).text).toContain('FN:New')
    expect((await restore(alice, etag)).status).toBe(200)
  })
})
