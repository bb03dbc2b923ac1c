import { describe, expect, it } from 'vitest'
import { undoBatch } from '../../src/features/batches/undo.ts'
import { findBatchById } from '../../storage/batches/batches.ts'
import type { BatchId } from '../../storage/ids.ts'
import { card, event, todo } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { hrefsIn, move, summaryOf } from './moves.ts'

const server = useServer({ migration: { retryMs: 1 } })

async function undo(batch: BatchId) {
  const { store } = server.services
  const row = await store.read((reader) => findBatchById(reader, batch))
  if (!row) throw new Error('no batch')
  const kept = []
  for await (const one of undoBatch(server.services, row)) kept.push(one)
  return kept
}

/** An account with some of everything. */
async function peopled(): Promise<Account> {
  const there = await server.account()
  await there.put(`${there.contacts}ada.vcf`, card('ada', 'Ada Lovelace', ['NOTE:folded line end\r\n  here']))
  await there.put(`${there.contacts}b%20%C3%A4.vcf`, card('blank', 'Blank Ä'))
  await there.put(
    `${there.contacts}no-uid.vcf`,
    'BEGIN:VCARD\nVERSION:3.0\nFN:No Uid\nN:Uid;No;;;\nEND:VCARD\n',
  )
  const photo =
    Buffer.alloc(9_000, 7)
      .toString('base64')
      .match(/.{1,74}/g) ?? []
  const folded = [`PHOTO;ENCODING=b;TYPE=JPEG:${photo[0]}`, ...photo.slice(1).map((part) => ` ${part}`)]
  await there.put(`${there.contacts}photo.vcf`, card('photo', 'Photo Graph', folded))
  await there.put(`${there.calendar}one.ics`, event('one'))
  await there.put(`${there.tasks}todo.ics`, todo('todo'))
  const mkcalendar = `<c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:i="http://apple.com/ns/ical/"><d:set><d:prop><d:displayname>2024.10</d:displayname><i:calendar-color>#ff0000</i:calendar-color><i:calendar-order>7</i:calendar-order><c:calendar-description>What &amp; why</c:calendar-description><c:supported-calendar-component-set><c:comp name="VEVENT"/></c:supported-calendar-component-set></d:prop></d:set></c:mkcalendar>`
  const made = await there.request('MKCALENDAR', `${there.calendars}work/`, { body: mkcalendar })
  expect(made.status).toBe(201)
  await there.put(`${there.calendars}work/two.ics`, event('two'))
  return there
}

describe('moving in from another server', () => {
  it('copies books and calendars octet for octet, with their names, and compares every object', async () => {
    const [there, here] = [await peopled(), await server.account()]
    const { batch, odd } = await move(server, there, here)
    expect(odd).toEqual([])
    expect(await summaryOf(server, batch)).toMatchObject({ found: 7, copied: 7, identical: 7, refused: 0 })
    for (const [from, to] of [
      [`${there.contacts}ada.vcf`, `${here.contacts}ada.vcf`],
      [`${there.contacts}b%20%C3%A4.vcf`, `${here.contacts}b%20%C3%A4.vcf`],
      [`${there.contacts}no-uid.vcf`, `${here.contacts}no-uid.vcf`],
      [`${there.contacts}photo.vcf`, `${here.contacts}photo.vcf`],
      [`${there.calendar}one.ics`, `${here.calendar}one.ics`],
      [`${there.calendars}work/two.ics`, `${here.calendars}work/two.ics`],
    ] as const) {
      const answer = await here.get(to)
      expect([to, answer.status]).toEqual([to, 200])
      expect(answer.body.equals((await there.get(from)).body)).toBe(true)
    }
    const names = ['{DAV:}displayname', '{http://apple.com/ns/ical/}calendar-color']
    const work = await here.propfind(`${here.calendars}work/`, 0, [
      ...names,
      '{http://apple.com/ns/ical/}calendar-order',
      '{urn:ietf:params:xml:ns:caldav}calendar-description',
    ])
    const found = [...work.of(`${here.calendars}work/`).props.keys()].map((name) =>
      work.of(`${here.calendars}work/`).text(name),
    )
    expect(found).toEqual(['2024.10', '#FF0000FF', '7', 'What & why'])
  })

  it('goes into collections of their own where ours have something already', async () => {
    const [there, here] = [await peopled(), await server.account()]
    await here.put(`${here.contacts}mine.vcf`, card('mine'))
    await move(server, there, here)
    expect(await hrefsIn(here, here.contacts)).toEqual([`${here.contacts}mine.vcf`])
    expect(await hrefsIn(here, `${here.books}contacts-2/`)).toHaveLength(4)
  })

  it('again changes nothing; then takes over what is new, changed and gone there', async () => {
    const [there, here] = [await peopled(), await server.account()]
    const { batch } = await move(server, there, here)
    const again = await move(server, there, here)
    expect(again.batch).toBe(batch)
    expect(again.items).toEqual([])
    await there.put(`${there.contacts}ada.vcf`, card('ada', 'Ada King'))
    await there.put(`${there.contacts}new.vcf`, card('new'))
    await there.delete(`${there.contacts}no-uid.vcf`)
    const third = await move(server, there, here)
    expect([...third.items].sort()).toEqual(['copied new.vcf', 'removed no-uid.vcf', 'updated ada.vcf'])
    expect((await here.get(`${here.contacts}ada.vcf`)).text).toContain('Ada King')
    expect((await here.get(`${here.contacts}no-uid.vcf`)).status).toBe(404)
    expect(await summaryOf(server, batch)).toMatchObject({ found: 7, identical: 7, removed: 1 })
  })

  it('never overwrites or deletes what was changed here', async () => {
    const [there, here] = [await peopled(), await server.account()]
    await move(server, there, here)
    await here.put(`${here.contacts}ada.vcf`, card('ada', 'Mine'))
    await here.put(`${here.contacts}no-uid.vcf`, card('now', 'Mine too'))
    await here.delete(`${here.contacts}b%20%C3%A4.vcf`)
    await there.put(`${there.contacts}ada.vcf`, card('ada', 'Theirs'))
    await there.put(`${there.contacts}b%20%C3%A4.vcf`, card('blank', 'Theirs'))
    await there.delete(`${there.contacts}no-uid.vcf`)
    const { items } = await move(server, there, here)
    expect([...items].sort()).toEqual(['conflict ada.vcf', 'conflict b ä.vcf', 'conflict no-uid.vcf'])
    expect((await here.get(`${here.contacts}ada.vcf`)).text).toContain('Mine')
    expect((await here.get(`${here.contacts}no-uid.vcf`)).text).toContain('Mine too')
    expect((await here.get(`${here.contacts}b%20%C3%A4.vcf`)).status).toBe(404)
    expect((await move(server, there, here)).items).toEqual([])
  })

  it('takes lists of people over, as group cards and as CATEGORIES, and has each once', async () => {
    const [there, here] = [await server.account(), await server.account()]
    await there.put(`${there.contacts}ada.vcf`, card('ada', 'Ada Lovelace', ['CATEGORIES:Friends']))
    await there.put(`${there.contacts}alan.vcf`, card('alan', 'Alan Turing'))
    const group = ['X-ADDRESSBOOKSERVER-KIND:group', 'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:alan']
    await there.put(`${there.contacts}club.vcf`, card('club', 'Club', group))
    const { batch, items } = await move(server, there, here)
    const before = await hrefsIn(there, there.contacts)
    expect(items).toHaveLength(before.length)
    expect(await hrefsIn(here, here.contacts)).toHaveLength(before.length)
    expect(await summaryOf(server, batch)).toMatchObject({ found: before.length, identical: before.length })
    await there.put(`${there.contacts}ada.vcf`, card('ada', 'Ada King', ['CATEGORIES:Friends']))
    expect((await move(server, there, here)).items).toEqual(['updated ada.vcf'])
    expect(await undo(batch)).toEqual([])
    expect(await hrefsIn(here, here.contacts)).toEqual([])
  })

  it('is undone as one batch, collections too', async () => {
    const [there, here] = [await peopled(), await server.account()]
    const before = await hrefsIn(here, here.calendars)
    const { batch } = await move(server, there, here)
    await there.put(`${there.contacts}ada.vcf`, card('ada', 'Ada King'))
    await there.delete(`${there.contacts}no-uid.vcf`)
    await move(server, there, here)
    expect(await undo(batch)).toEqual([])
    expect(await hrefsIn(here, here.contacts)).toEqual([])
    expect(await hrefsIn(here, here.calendars)).toEqual(before)
    const anew = await move(server, there, here)
    expect(anew.batch).not.toBe(batch)
    expect(anew.items.filter((item) => item.startsWith('copied'))).toHaveLength(6)
  })

  it('holds deletions that look like an accident, until it is told', async () => {
    const [there, here] = [await peopled(), await server.account()]
    await move(server, there, here)
    for (const href of await hrefsIn(there, there.contacts)) await there.delete(href)
    await there.delete(`${there.calendars}work/`)
    const { odd, items } = await move(server, there, here)
    expect(items).toEqual([])
    expect(odd.map((told) => (told.kind === 'held' ? told.count : told.kind))).toEqual(
      expect.arrayContaining([4, 1]),
    )
    expect(await hrefsIn(here, here.contacts)).toHaveLength(4)
    const told = await move(server, there, here, { withDeletions: true })
    expect(told.items.filter((item) => item.startsWith('removed'))).toHaveLength(5)
    expect(await hrefsIn(here, here.contacts)).toEqual([])
  })

  it('stopped anywhere it goes on without doing anything twice', async () => {
    const [there, here] = [await server.account(), await server.account()]
    for (let n = 0; n < 60; n += 1) await there.put(`${there.contacts}c${n}.vcf`, card(`c${n}`))
    const stopping = new AbortController()
    const onProgress = (done: number): void => {
      if (done >= 24) stopping.abort()
    }
    const first = await move(server, there, here, { signal: stopping.signal, onProgress })
    const stored = (await hrefsIn(here, here.contacts)).length
    expect(stored).toBeGreaterThan(0)
    expect(stored).toBeLessThan(60)
    const second = await move(server, there, here)
    expect(second.batch).toBe(first.batch)
    expect(second.items).toHaveLength(60 - stored)
    expect(await summaryOf(server, second.batch)).toMatchObject({ found: 60, identical: 60 })
    expect(await undo(second.batch)).toEqual([])
    expect(await hrefsIn(here, here.contacts)).toEqual([])
  })

  it('in a trial stores nothing and tells what would be', async () => {
    const [there, here] = [await peopled(), await server.account()]
    const { batch, items } = await move(server, there, here, { isTrial: true })
    expect(batch).toBe(0)
    expect(items.filter((item) => item.startsWith('copied'))).toHaveLength(7)
    expect(await hrefsIn(here, here.contacts)).toEqual([])
  })

  it('puts everything into one collection, or takes only what is named', async () => {
    const [there, here] = [await peopled(), await server.account()]
    await move(server, there, here, { only: ['2024.10'], into: 'calendar' })
    expect(await hrefsIn(here, here.calendar)).toEqual([`${here.calendar}two.ics`])
    expect(await hrefsIn(here, here.contacts)).toEqual([])
    await expect(move(server, there, await server.account(), { into: 'nothing' })).rejects.toThrow(
      /no collection/,
    )
  })

  it('leaves out what others share and what only can be read', async () => {
    const [there, here, other] = [await peopled(), await server.account(), await server.account()]
    const share = JSON.stringify({ collection: 'calendar', with: there.name, access: 'read' })
    const json = { 'Content-Type': 'application/json' }
    expect((await other.request('POST', '/api/shares', { headers: json, body: share })).status).toBe(201)
    const invites = JSON.parse((await there.get('/api/invites')).text).invites
    await there.request('POST', `/api/invites/${invites[0].id}/accept`)
    const { events } = await move(server, there, here)
    const left = events.flatMap((told) => (told.kind === 'collection' && told.left ? told.left : []))
    expect(left).toHaveLength(1)
    expect(left[0]).toMatch(/somebody else/)
  })

  it('says what is wrong: the password, the address, nothing there', async () => {
    const [there, here] = [await server.account(), await server.account()]
    await expect(move(server, there, here, { password: 'wrong' })).rejects.toThrow(
      /refuses the user name or the password/,
    )
    const closed = { url: new URL('http://127.0.0.1:1/') }
    await expect(move(server, there, here, closed)).rejects.toThrow(/cannot be reached/)
    await expect(move(server, there, here, { mayReach: () => false })).rejects.toThrow(
      /not at a public address/,
    )
  })
})
