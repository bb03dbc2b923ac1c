import { describe, expect, it } from 'vitest'
import { eraseParty, finishErasures } from '../../../src/features/privacy/erase.ts'
import type { Services } from '../../../src/services.ts'
import type { Store } from '../../../storage/store.ts'
import { call } from '../../api/json.ts'
import { filesOf } from '../../dav/files/files.ts'
import { calendar, card } from '../../dav/objects.ts'
import { type Account, startServer, useServer } from '../../dav/server.ts'
import { nodeOf } from '../archive/firm.ts'
import { person } from '../facts/world.ts'
import { useFolder } from '../folder.ts'
import { move } from '../moves.ts'
import { placedAt, sessionFor } from '../people/sessions.ts'
import { eraser } from './eraser.ts'
import { makeMarked, marker, once } from './marked.ts'
import { columnsWith, tracesOf } from './traces.ts'

const server = useServer({ webhooks: { privateNetworks: '127.0.0.0/8' } })
const folder = useFolder()

async function erase(alice: Account, id: number, attendees: 'keep' | 'remove') {
  const { token } = (await call(alice, 'GET', `/parties/${id}/erasure`)).json
  const { status, text } = await call(alice, 'POST', `/parties/${id}/erase`, { token, attendees })
  expect([status, text]).toEqual([200, text])
}

describe('an erasure of somebody with whom everything was done', () => {
  it('leaves nothing of him in any column of any table, in the file, or among the blobs', async () => {
    await using other = await startServer()
    const world = await makeMarked(server, other, folder.path)
    const { alice, id, friend } = world
    const before = await columnsWith(server, marker)
    expect(before.length, before.join('\n')).toBeGreaterThan(40)
    await erase(alice, id, 'remove')
    expect(await columnsWith(server, marker)).toEqual([])
    expect(await tracesOf(server, [marker])).toEqual([])

    const organized = (await alice.get(`${alice.calendar}organized.ics`)).text
    expect(organized).toContain('ORGANIZER:invalid:nomail\r\nATTENDEE:mailto:other@example.org\r\n')
    const sent = (await alice.get(`${alice.calendar}sent.ics`)).text
    expect(sent).toContain('ORGANIZER:mailto:boss@example.org\r\nATTENDEE:mailto:other@example.org\r\n')
    const members = async (name: string) => {
      const { lists } = (await call(alice, 'GET', '/lists')).json
      const list = lists.find((one: { name: string }) => one.name === name)
      const { items } = (await call(alice, 'GET', `/lists/${list.id}/members`)).json
      return items.map((one: { id: number }) => one.id)
    }
    expect(await members('of his mail')).toEqual([friend])
    expect(await members('of his name')).toContain(friend)
    expect(await members('of his number')).toEqual([])
    expect((await alice.get(`${alice.contacts}club.vcf`)).text).toContain('MEMBER:urn:uuid:other\r\n')

    // It was done, and is not done again.
    expect((await once(world)).status).toBe(409)
    // Who moves in from there again does not bring him back; others come.
    await world.there.put(`${world.there.contacts}new.vcf`, card('new', 'Newt'))
    const { items } = await move(server, world.there, alice, { url: new URL(other.url) })
    expect(items).toEqual(['copied new.vcf'])
    expect(await columnsWith(server, marker)).toEqual([])
  }, 120_000)

  it('leaves nothing of him either where it was broken off, and goes on later', async () => {
    await using here = await startServer({ webhooks: { privateNetworks: '127.0.0.0/8' } })
    await using other = await startServer()
    const { alice, id } = await makeMarked(here, other, folder.path)
    const session = await sessionFor(here, alice)
    const wish = { partyId: id, token: undefined, attendees: 'remove', reason: 'request', session } as const
    const origin = { kind: 'web', requestId: 'broken-off' } as const
    const erasing = eraseParty(breaksOff(here.services), { ...wish, origin })
    await expect(erasing).rejects.toThrow('The power is gone.')
    expect(await columnsWith(here, marker)).not.toEqual([])
    expect(await finishErasures(here.services)).toBe(1)
    expect(await columnsWith(here, marker)).toEqual([])
    expect(await finishErasures(here.services)).toBe(0)
  }, 120_000)

  it('leaves what others have of him, which is this and no more', async () => {
    const alice = await eraser(server)
    const word = 'wzystays'
    const href = `${alice.contacts}w.vcf`
    await alice.put(href, card('w-uid', `Wzystays Family`, [`EMAIL:${word}@example.org`]))
    const { partyId: id } = await placedAt(server, href)
    const friend = await person(alice, 'Wilma', [`NOTE:sister of ${word}`])
    const about = { kind: 'note', html: `dinner with ${word}`, visibility: 'public' }
    await call(alice, 'POST', '/activities', { ...about, parties: [id, friend] })
    await filesOf(alice).make(`${word}.txt`)
    await call(alice, 'POST', `/parties/${id}/links`, {
      kind: 'file',
      id: await nodeOf(server, `${word}.txt`),
    })
    await call(alice, 'POST', '/lists', {
      name: `Not ${word}`,
      filter: { field: 'name', op: 'begins', text: word },
    })
    const event = ['BEGIN:VEVENT', 'UID:w', 'DTSTAMP:20260101T000000Z', 'DTSTART:20260110T100000Z']
    const invited = [...event, `ATTENDEE:mailto:${word}@example.org`, 'END:VEVENT']
    await alice.put(`${alice.calendar}w.ics`, calendar(invited))
    await erase(alice, id, 'keep')
    const left = (await columnsWith(server, word)).map((found) => found.replace(/ .*/, ''))
    expect(left.sort()).toEqual(Object.values(stays).flat().sort())
  }, 120_000)
})

/** Services of which the store writes once, and no more. */
function breaksOff(services: Services): Services {
  const { store } = services
  let writes = 0
  const write: Store['write'] = (work) => {
    writes += 1
    return writes > 1 ? Promise.reject(new Error('The power is gone.')) : store.write(work)
  }
  return { ...services, store: Object.assign(Object.create(store) as Store, { write }) }
}

/** What an erasure leaves, as README says, by the reason why. */
const stays = {
  'a note about somebody else too': ['activities.html', 'activities.text'],
  'his event, and the card of somebody else': [
    'bodies.bytes',
    'contact_fields.folded',
    'contact_fields.value',
  ],
  'who attends an event that was to stay': ['event_people.mail'],
  "a document, which is its owner's": [
    'events.name',
    'nodes.folded_name',
    'nodes.name',
    'node_revisions.name',
  ],
  'what a list is called and was called, and asks of everybody who is called so': [
    ...['smart_lists.filter', 'smart_lists.name', 'thing_revisions.after_json'],
  ],
  'what is searched of all these': [
    ...['search_documents.entries', 'search_documents.grams', 'search_documents.texts'],
    ...['search_documents.title', 'search_entries.entry'],
  ],
}
