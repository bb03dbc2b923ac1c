import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import type { Session } from '../../src/auth/session.ts'
import type { Call } from '../../src/dav/call.ts'
import { createRenderer } from '../../src/dav/pages.ts'
import { locate } from '../../src/dav/paths.ts'
import { findCollectionAt } from '../../src/dav/tree.ts'
import { listMembers } from '../../storage/objects.ts'
import { findPrincipalByName } from '../../storage/principals.ts'
import { card } from './objects.ts'
import { type Account, useServer } from './server.ts'

async function* noBody(): AsyncGenerator<Buffer> {}

describe('RFC 4918 §9.1 a listing while members move', () => {
  const server = useServer()

  /** As much of a request as rendering needs. */
  async function callOf(alice: Account): Promise<Call> {
    const { store } = server.services
    const principal = await store.read((reader) => findPrincipalByName(reader, alice.name))
    if (!principal) throw new Error('no such account')
    const session: Session = {
      principal,
      scope: 'write',
      deviceId: undefined,
      clientKind: undefined,
      lists: 'both' as const,
      directory: 'all',
      hasDirectoryBook: false,
    }
    const location = locate([])
    const request = {
      method: 'PROPFIND',
      path: '/',
      headers: {},
      segments: [],
      requestId: 'r',
      userAgent: '',
    }
    return {
      ...server.services,
      ...request,
      location,
      session,
      readBody: async () => Buffer.alloc(0),
      streamBody: noBody,
    }
  }

  it('does not show a member in the collection that it left for another, under its name there', async () => {
    const alice = await server.account()
    const other = `${alice.books}other/`
    const body = '<d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"/>'
    expect((await alice.request('MKCOL', other, { body })).status).toBe(201)
    for (const name of ['stays', 'goes']) await alice.put(`${alice.contacts}${name}.vcf`, card(name))

    const call = await callOf(alice)
    const { store } = server.services
    const place = { home: 'addressbooks', segment: alice.segment, collection: 'contacts' } as const
    const book = await store.read((reader) => findCollectionAt(reader, call.session, place))
    if (!book) throw new Error('no such book')
    const pages = listMembers(store, book.row.id)
    const { value: page = [] } = await pages.next()
    expect(page).toHaveLength(2)
    const headers = { Destination: `${other}new-name.vcf` }
    expect((await alice.request('MOVE', `${alice.contacts}goes.vcf`, { headers })).status).toBe(201)

    const created = { name: dav('creationdate'), attributes: new Map(), children: [], lang: undefined }
    const render = createRenderer(call, { kind: 'prop', elements: [created] }, false).members(book)
    let text = ''
    for await (const piece of render(page)) text += piece
    expect(text.match(/<d:href>[^<]*/g)).toEqual([`<d:href>${alice.contacts}stays.vcf`])
  })
})
