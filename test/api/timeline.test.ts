import { describe, expect, it } from 'vitest'
import { calendar, card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { placedAt } from '../features/people/sessions.ts'
import { useShares } from '../features/shares.ts'
import { call } from './json.ts'

const server = useServer()
const shares = useShares(server)

const somebody = async (account: Account, name: string, extra: readonly string[] = []) => {
  const href = `${account.contacts}${encodeURIComponent(name)}.vcf`
  await account.put(href, card(name, name, extra))
  return { href, id: (await placedAt(server, href)).partyId }
}

const objectId = async (href: string): Promise<number> => {
  const name = decodeURIComponent(href.slice(href.lastIndexOf('/') + 1))
  const row = await server.services.store.read(({ sql }) =>
    sql.first<{ id: number }>('SELECT id FROM objects WHERE name = $1 ORDER BY id DESC', [name]),
  )
  return row?.id ?? 0
}

const kindsOf = async (account: Account, id: number, query = ''): Promise<string[]> =>
  (await call(account, 'GET', `/parties/${id}/timeline${query}`)).json.items.map(
    ({ kind, title }: { kind: string; title: string }) => `${kind} ${title}`.trim(),
  )

/** A day that lies so many days from the clock of the server, as iCalendar has it. */
const day = (days: number): string =>
  new Date(server.clock.now + days * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')

/** An event of a day, or a task. */
const happening = (uid: string, summary: string, days: number, extra: readonly string[] = []): string => {
  const lines = [`UID:${uid}`, 'DTSTAMP:20260101T000000Z', `SUMMARY:${summary}`]
  return calendar(['BEGIN:VEVENT', ...lines, `DTSTART;VALUE=DATE:${day(days)}`, ...extra, 'END:VEVENT'])
}
const todo = (uid: string, summary: string): string =>
  calendar(['BEGIN:VTODO', `UID:${uid}`, 'DTSTAMP:20260101T000000Z', `SUMMARY:${summary}`, 'END:VTODO'])

describe('a timeline', () => {
  it('has notes, meetings by attendee and by link, tasks, files and changes of the card, the latest first', async () => {
    const alice = await server.account()
    const jane = await somebody(alice, 'Jane Doe', ['EMAIL:Jane@Example.org'])
    server.clock.now += 1_000
    await alice.put(jane.href, card('Jane Doe', 'Jane Doe', ['EMAIL:Jane@Example.org', 'TEL:+4930123456']))
    const attendee = ['ATTENDEE:mailto:jane@example.org']
    await alice.put(`${alice.calendar}met.ics`, happening('met', 'Lunch', -3, attendee))
    await alice.put(`${alice.calendar}other.ics`, happening('other', 'Other', -2))
    await alice.put(`${alice.calendar}next.ics`, happening('next', 'Next', 2, attendee))
    expect(await kindsOf(alice, jane.id)).toEqual(['card phone added', 'card', 'meeting Lunch'])
    const linked = await call(alice, 'POST', `/parties/${jane.id}/links`, {
      kind: 'object',
      id: await objectId(`${alice.calendar}other.ics`),
    })
    expect(linked.status).toBe(201)
    server.clock.now += 1_000
    const task = await call(alice, 'POST', `/parties/${jane.id}/tasks`, {
      summary: 'Send it',
      due: '2030-01-31',
    })
    expect(task.status).toBe(201)
    server.clock.now += 1_000
    await call(alice, 'POST', '/activities', { kind: 'note', parties: [jane.id], html: 'A note' })
    expect(await kindsOf(alice, jane.id)).toEqual([
      'note A note',
      'task Send it',
      'card phone added',
      'card',
      'meeting Other',
      'meeting Lunch',
    ])
    const upcoming = await call(alice, 'GET', `/parties/${jane.id}/upcoming`)
    expect(upcoming.json.items.map(({ title }: { title: string }) => title)).toEqual(['Next'])
    expect((await alice.sync(alice.tasks, '')).hrefs).toHaveLength(1)
  })

  it('is read on page by page without losing or repeating anything', async () => {
    const alice = await server.account()
    const jane = await somebody(alice, 'Page Turner', ['EMAIL:page@example.org'])
    for (let at = 1; at <= 7; at += 1) {
      server.clock.now += 60_000
      if (at % 2)
        await call(alice, 'POST', '/activities', { kind: 'call', parties: [jane.id], html: `call ${at}` })
      else
        await alice.put(
          jane.href,
          card('Page Turner', 'Page Turner', ['EMAIL:page@example.org', `NOTE:${at}`]),
        )
      const extra = ['ATTENDEE:mailto:page@example.org']
      await alice.put(`${alice.calendar}d${at}.ics`, happening(`d${at}`, `day ${at}`, -at, extra))
    }
    const whole = (await call(alice, 'GET', `/parties/${jane.id}/timeline?limit=100`)).json
    expect(whole.next).toBeNull()
    expect(whole.items).toHaveLength(15)
    const pages: { id: string }[] = []
    let cursor = ''
    for (let page = 0; page < 20; page += 1) {
      const { json } = await call(alice, 'GET', `/parties/${jane.id}/timeline?limit=2${cursor}`)
      pages.push(...json.items)
      if (json.next === null) break
      cursor = `&cursor=${json.next}`
    }
    expect(pages.map(({ id }) => id)).toEqual(whole.items.map(({ id }: { id: string }) => id))
    const some = `/parties/${jane.id}/timeline?sources=activities,meetings&limit=8`
    const first = (await call(alice, 'GET', some)).json
    const rest = (await call(alice, 'GET', `${some}&cursor=${first.next}`)).json
    const kinds = [...first.items, ...rest.items].map(({ kind }: { kind: string }) => kind)
    expect(kinds.filter((kind) => kind === 'call')).toHaveLength(4)
    expect(kinds.filter((kind) => kind === 'meeting')).toHaveLength(7)
    expect(kinds).toHaveLength(11)
    expect(rest.next).toBeNull()
    expect((await call(alice, 'GET', `/parties/${jane.id}/timeline?sources=rumours`)).status).toBe(422)
  })

  it('of a company has what happened with its people', async () => {
    const alice = await server.account()
    const org = await somebody(alice, 'Acme', ['KIND:org'])
    const jane = await somebody(alice, 'Jane Worker')
    const made = await call(alice, 'POST', `/parties/${jane.id}/memberships`, {
      organisation: org.id,
      title: 'Boss',
    })
    expect(made.status).toBe(201)
    server.clock.now += 1_000
    await call(alice, 'POST', '/activities', { kind: 'visit', parties: [jane.id], html: 'Seen her' })
    expect(await kindsOf(alice, org.id)).toContain('visit Seen her')
  })

  it('keeps a link that a phone knows nothing of, and an event in the trash', async () => {
    const alice = await server.account()
    const jane = await somebody(alice, 'Linked One')
    const href = `${alice.tasks}t.ics`
    await alice.put(href, todo('t', 'First'))
    await call(alice, 'POST', `/parties/${jane.id}/links`, { kind: 'object', id: await objectId(href) })
    await alice.put(href, todo('t', 'Rewritten by a phone'))
    expect(await kindsOf(alice, jane.id)).toContain('task Rewritten by a phone')
    const links = await call(alice, 'GET', `/objects/${await objectId(href)}/links`)
    expect(links.json.links).toMatchObject([{ party: jane.id }])
    await alice.delete(href)
    expect(await kindsOf(alice, jane.id)).not.toContain('task Rewritten by a phone')
    await alice.put(href, todo('t', 'Another'))
    expect(await kindsOf(alice, jane.id)).not.toContain('task Another')
  })

  it('shows only what its reader may see', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const jane = await somebody(alice, 'Shared One', ['EMAIL:shared@example.org'])
    const extra = ['ATTENDEE:mailto:shared@example.org']
    await alice.put(`${alice.calendar}s.ics`, happening('s', 'Secret meeting', -1, extra))
    await call(alice, 'POST', '/activities', {
      kind: 'note',
      parties: [jane.id],
      html: 'mine',
      visibility: 'private',
    })
    expect((await call(bob, 'GET', `/parties/${jane.id}/timeline`)).status).toBe(404)
    await shares.share(alice.contacts, bob, 'read')
    await shares.accept(bob)
    expect(await kindsOf(bob, jane.id)).toEqual(['card'])
    await shares.share(alice.calendar, bob, 'free-busy')
    await shares.accept(bob)
    expect(await kindsOf(bob, jane.id)).toEqual(['card'])
    const id = await objectId(`${alice.calendar}s.ics`)
    expect((await call(bob, 'GET', `/objects/${id}/links`)).status).toBe(404)
    expect((await call(bob, 'POST', `/parties/${jane.id}/links`, { kind: 'object', id })).status).toBe(403)
    await shares.share(alice.calendar, bob, 'read')
    expect(await kindsOf(bob, jane.id)).toEqual(['card', 'meeting Secret meeting'])
  })
})

describe('the history of what was written down', () => {
  it('brings back what was changed and what was taken back', async () => {
    const alice = await server.account()
    const jane = await somebody(alice, 'Once More')
    const note = await call(alice, 'POST', '/activities', { kind: 'note', parties: [jane.id], html: 'first' })
    await call(alice, 'PATCH', `/activities/${note.json.id}`, { html: 'second' })
    const revisions = async () =>
      (await call(alice, 'GET', `/parties/${jane.id}/history`)).json.items.filter(
        ({ fact }: { fact?: string }) => fact === 'activity',
      )
    const [changed] = await revisions()
    const restore = (revision: number) =>
      call(alice, 'POST', `/parties/${jane.id}/history/${revision}/restore`)
    expect((await restore(changed.revision)).status).toBeLessThan(300)
    expect((await call(alice, 'GET', `/activities/${note.json.id}`)).json.text).toBe('first')
    await call(alice, 'DELETE', `/activities/${note.json.id}`)
    const [removed] = await revisions()
    await restore(removed.revision)
    expect(await kindsOf(alice, jane.id)).toEqual(['note first', 'card'])
  })
})
