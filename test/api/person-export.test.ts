import { describe, expect, it } from 'vitest'
import { useServer } from '../dav/server.ts'
import { masked, sharedWith } from '../dav/virtual/masked.ts'
import { person } from '../features/facts/world.ts'
import { unzipped } from '../features/masks/zip.ts'
import { call } from './json.ts'

const server = useServer()

describe('GET /parties/:id/export', () => {
  it('is all that is known of somebody, and of nobody else; to who sees less, less', async () => {
    const [alice, bob, carol] = [await server.account(), await server.account(), await server.account()]
    const id = await person(alice, 'Jane', ['TEL:+49301', 'NOTE:gooseberries'])
    await person(alice, 'Somebody Else')
    const note = (html: string, visibility: string) =>
      call(alice, 'POST', '/activities', { kind: 'note', parties: [id], html, visibility })
    await note('said marmalade', 'public')
    await note('owes chartreuse', 'private')
    await call(alice, 'POST', `/parties/${id}/consents`, { channel: 'mail', state: 'given', source: 'fair' })
    await call(alice, 'PATCH', `/parties/${id}`, { roles: ['customer'] })
    await sharedWith(alice, bob)
    await masked(server, { hide: ['NOTE'] }, bob)
    const get = async (account: typeof alice) => {
      const { status, body, headers } = await account.request('GET', `/api/parties/${id}/export`)
      return { status, type: headers['content-type'], text: status === 200 ? unzipped(body) : '' }
    }
    const mine = await get(alice)
    expect([mine.status, mine.type]).toEqual([200, 'application/zip'])
    for (const word of [
      'README.txt',
      'TEL:+49301',
      'gooseberries',
      'marmalade',
      'chartreuse',
      'fair',
      'customer',
    ])
      expect(mine.text).toContain(word)
    expect(mine.text).not.toContain('Somebody Else')
    const theirs = await get(bob)
    expect(theirs.status).toBe(200)
    expect(theirs.text).toContain('marmalade')
    expect(theirs.text).not.toMatch(/gooseberries|chartreuse/)
    expect((await get(carol)).status).toBe(404)
  })
})
