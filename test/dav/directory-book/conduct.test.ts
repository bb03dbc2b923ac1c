import { describe, expect, it } from 'vitest'
import { carddav, cs, dav } from '../../../protocol/dav/names.ts'
import { elements } from '../../../protocol/dav/xml-read.ts'
import { createAppPassword, findAccount, removeAccount } from '../../../src/features/accounts/accounts.ts'
import { dropDirectoriesJob } from '../../../src/jobs/drop-directories.ts'
import { updatePrincipal } from '../../../storage/principals.ts'
import { rowOf } from '../../features/world.ts'
import { mustSetAcl, privilegesOf } from '../acls.ts'
import { callApi } from '../birthdays/birthdays.ts'
import { createClient, multigetBody, preconditionsOf } from '../client.ts'
import { delegate, group, join, leave, room } from '../directory.ts'
import { card } from '../objects.ts'
import { addressQueryBody } from '../queries.ts'
import { type Account, type TestServer, useServer } from '../server.ts'

const bookOf = ({ books }: Account): string => `${books}directory/`

/** The names on the cards, sorted. */
async function namesIn(account: Account): Promise<string[]> {
  const { changed } = await account.syncAll(bookOf(account), '')
  const names: string[] = []
  for (const href of changed) names.push(fnOf((await account.get(href)).text))
  return names.sort()
}

const fnOf = (text: string): string => /^FN:(.*)$/m.exec(text)?.[1]?.trim() ?? ''

/** The card with this name. */
async function cardOf(account: Account, fn: string): Promise<string> {
  const { changed } = await account.syncAll(bookOf(account), '')
  for (const href of changed) {
    const { text } = await account.get(href)
    if (fnOf(text) === fn) return text
  }
  throw new Error(`no card of ${fn}`)
}

const rename = async (server: TestServer, account: Account, displayName: string, email?: string) => {
  const { id } = await rowOf(server, account)
  await server.services.store.write((tx) => updatePrincipal(tx, id, { displayName, ...(email && { email }) }))
}

describe('the directory as an address book', () => {
  const server = useServer({ directory: { addressBook: true } })

  it('is served whatever somebody is called (law 9)', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await rename(server, bob, 'Bob\u0001\u007f', 'b\u0002@example.org')
    expect((await alice.propfind(alice.books, 1, [])).status).toBe(207)
    expect(await cardOf(alice, 'Bob')).toContain('b@example.org')
  })

  it('is in everybody’s home at the same place, read only, and the last of his own (RFC 3744 §5.4)', async () => {
    const alice = await server.account()
    const home = await alice.propfind(alice.books, 1, [
      dav('displayname'),
      dav('resourcetype'),
      cs('getctag'),
      dav('sync-token'),
      dav('supported-report-set'),
    ])
    expect(home.hrefs).toEqual([alice.books, alice.contacts, bookOf(alice)])
    const shown = home.of(bookOf(alice))
    expect(shown.text(dav('displayname'))).toBe('Directory')
    expect(elements(shown.props.get(dav('resourcetype')) ?? shown.element).map(({ name }) => name)).toEqual([
      dav('collection'),
      carddav('addressbook'),
    ])
    expect(shown.props.get(dav('supported-report-set'))).toEqual(
      home.of(alice.contacts).props.get(dav('supported-report-set')),
    )
    const privileges = await privilegesOf(alice, bookOf(alice))
    expect(privileges.join()).toContain('read')
    for (const name of ['all', 'write', 'write-content', 'bind', 'unbind', 'write-acl'])
      expect(privileges).not.toContain(dav(name))
  })

  it('has people, groups with their members, and rooms, as Apple’s clients and all others have them (ABK-07)', async () => {
    const alice = await server.account({ email: 'alice@example.org' })
    await rename(server, alice, 'Alice, A.')
    await group(server, `team-${alice.name}`, alice)
    await room(server, `room-${alice.name}`)
    const own = await cardOf(alice, 'Alice\\, A.')
    expect(own).toContain('\r\nN:;Alice\\, A.;;;\r\n')
    expect(own).toContain('\r\nEMAIL;TYPE=INTERNET:alice@example.org\r\n')
    const uid = /^UID:(.*)$/m.exec(own)?.[1]?.trim()
    expect(await cardOf(alice, `team-${alice.name}`)).toContain(
      `X-ADDRESSBOOKSERVER-KIND:group\r\nX-ADDRESSBOOKSERVER-MEMBER:urn:uuid:${uid}\r\n`,
    )
    expect(await cardOf(alice, `room-${alice.name}`)).toContain('X-ADDRESSBOOKSERVER-KIND:location')
    const bob = await server.account()
    expect(await cardOf(bob, 'Alice\\, A.')).toBe(own)
  })

  it('answers queries and multigets, in the version that is asked for (RFC 6352 §8.6, §8.7)', async () => {
    const alice = await server.account({ email: 'query@example.org' })
    await rename(server, alice, 'Quentin Query')
    const filter = '<c:prop-filter name="EMAIL"><c:text-match>query@example</c:text-match></c:prop-filter>'
    const found = await alice.report(bookOf(alice), addressQueryBody([filter]))
    expect(found.hrefs).toHaveLength(1)
    const got = await alice.report(bookOf(alice), multigetBody('addressbook', found.hrefs))
    expect(got.responses[0]?.text(carddav('address-data'))).toContain('FN:Quentin Query')
    const four = await alice.get(found.hrefs[0] ?? '', { Accept: 'text/vcard; version=4.0' })
    expect(four.text).toContain('VERSION:4.0')
  })

  it('takes nothing in, gives nothing away, and may be copied from', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const path = bookOf(alice)
    const [href = ''] = (await alice.syncAll(path, '')).changed
    const into = { headers: { Destination: `${path}x.vcf` } }
    const out = { headers: { Destination: `${alice.contacts}x.vcf` } }
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    for (const answer of [
      await alice.put(`${path}x.vcf`, card('x')),
      await alice.put(href, card('x')),
      await alice.delete(href),
      await alice.request('MOVE', href, out),
      await alice.request('COPY', `${alice.contacts}a.vcf`, into),
      await alice.request('ACL', path, { body: '<d:acl xmlns:d="DAV:"/>' }),
    ])
      expect([answer.status, preconditionsOf(answer)]).toEqual([403, [dav('need-privileges')]])
    expect((await alice.request('COPY', href, out)).status).toBe(201)
    const share = { collection: 'directory', with: bob.name, access: 'read' }
    expect((await callApi(alice, 'POST', '/shares', share)).status).toBe(403)
    expect((await callApi(alice, 'POST', '/links', { collection: 'directory' })).status).toBe(403)
    expect((await callApi(alice, 'POST', '/birthdays', { book: 'directory' })).status).toBe(422)
  })

  it('is nobody else’s: who may read a home does not find it there', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await namesIn(alice)
    await mustSetAcl(alice, alice.books, [{ who: bob.principal, grant: ['read'] }])
    expect((await bob.propfind(alice.books, 1, [dav('displayname')])).hrefs).toEqual([
      alice.books,
      alice.contacts,
    ])
    expect((await bob.get(bookOf(alice))).status).toBe(404)
    const { changed } = await alice.syncAll(bookOf(alice), '')
    expect((await bob.get(changed[0] ?? '')).status).toBe(404)
  })

  it('reports in one sync exactly who came, changed and went (RFC 6578)', async () => {
    const alice = await server.account()
    const bob = await server.account({ email: 'b@example.org' })
    const before = await alice.syncAll(bookOf(alice), '')
    expect(await alice.syncAll(bookOf(alice), before.token)).toEqual({ ...before, changed: [] })
    await rename(server, bob, 'Bob the Builder')
    const renamed = await alice.syncAll(bookOf(alice), before.token)
    expect([renamed.changed.length, renamed.removed.length]).toEqual([1, 0])
    const carol = await server.account()
    const came = await alice.syncAll(bookOf(alice), renamed.token)
    expect([came.changed.length, came.removed.length]).toEqual([1, 0])
    const { services } = server
    await services.store.write((tx) => removeAccount(tx, carol.name, { purge: true }, services))
    const went = await alice.syncAll(bookOf(alice), came.token)
    expect([went.changed, went.removed]).toEqual([[], came.changed])
    const home = await alice.sync(alice.books, '')
    await rename(server, bob, 'Bob')
    expect((await alice.sync(alice.books, home.syncToken ?? '')).hrefs).toEqual([bookOf(alice)])
  })

  it('says the same to a phone that syncs as to one that begins, whatever either knows of groups (DVX, ABK)', async () => {
    const alice = await server.account()
    const bob = await server.account()
    for (const clientKind of ['apple', 'davx5', 'davx5-groups', 'thunderbird', 'outlook']) {
      const name = `crew-${clientKind}`
      const { secret } = await server.services.store.write(async (tx) =>
        createAppPassword(tx, await findAccount(tx, alice.name), {
          label: clientKind,
          scope: 'write',
          clientKind,
        }),
      )
      const phone = { ...alice, ...createClient(server.url, { name: alice.name, password: secret }) }
      const textsOf = async (hrefs: readonly string[]) => {
        const texts = new Map<string, string>()
        for (const href of hrefs) texts.set(href, (await phone.get(href)).text)
        return texts
      }
      const known = await phone.syncAll(bookOf(phone), '')
      const cards = await textsOf(known.changed)
      let { token } = known
      const changes: readonly (() => Promise<unknown>)[] = [
        () => group(server, name, alice),
        () => join(server, name, bob.name),
        () => rename(server, bob, `Bob of ${clientKind}`),
        () => leave(server, name, bob.name),
      ]
      for (const change of changes) {
        await change()
        const news = await phone.syncAll(bookOf(phone), token)
        for (const href of news.removed) cards.delete(href)
        for (const [href, text] of await textsOf(news.changed)) cards.set(href, text)
        token = news.token
        const fresh = await textsOf((await phone.syncAll(bookOf(phone), '')).changed)
        expect([clientKind, new Map([...cards].sort())]).toEqual([clientKind, new Map([...fresh].sort())])
      }
      expect((await phone.put(`${bookOf(phone)}x.vcf`, card('x'))).status).toBe(403)
      const isCardFor = clientKind === 'apple' || clientKind === 'davx5-groups'
      if (isCardFor) expect([...cards.values()].join()).toContain(`FN:${name}`)
    }
  })

  it('is switched off by DELETE, leaves no trash and counts for nothing, and is had again at the same URL', async () => {
    const alice = await server.account()
    const before = (await alice.syncAll(bookOf(alice), '')).changed
    const used = (await alice.propfind(alice.books, 0, [dav('quota-used-bytes')])).of(alice.books)
    expect(used.text(dav('quota-used-bytes'))).toBe('0')
    expect((await alice.delete(bookOf(alice))).status).toBe(204)
    for (const path of [alice.books, bookOf(alice)]) await alice.request('PROPFIND', path)
    expect((await alice.get(bookOf(alice))).status).toBe(404)
    const state = async () => JSON.parse((await callApi(alice, 'GET', '/directory')).text)
    expect(await state()).toEqual({ offered: true, shown: false, name: null })
    const again = await callApi(alice, 'PATCH', '/directory', { shown: true })
    expect([again.status, JSON.parse(again.text).shown]).toEqual([200, true])
    expect((await alice.syncAll(bookOf(alice), '')).changed.sort()).toEqual(before.sort())
    await callApi(alice, 'PATCH', '/directory', { shown: false })
    expect((await alice.get(bookOf(alice))).status).toBe(404)
  })

  it('has another name where there is something of its name, and can be called otherwise', async () => {
    const alice = await server.account()
    await callApi(alice, 'PATCH', '/directory', { shown: false })
    await alice.request('MKCOL', bookOf(alice), {
      headers: { 'Content-Type': 'application/xml' },
      body: '<d:mkcol xmlns:d="DAV:" xmlns:a="urn:ietf:params:xml:ns:carddav"><d:set><d:prop><d:resourcetype><d:collection/><a:addressbook/></d:resourcetype></d:prop></d:set></d:mkcol>',
    })
    await alice.put(`${bookOf(alice)}a.vcf`, card('a'))
    await callApi(alice, 'PATCH', '/directory', { shown: true })
    const { hrefs } = await alice.propfind(alice.books, 1, [dav('displayname')])
    expect(hrefs).toContain(`${alice.books}directory-2/`)
    expect((await alice.syncAll(bookOf(alice), '')).changed).toEqual([`${bookOf(alice)}a.vcf`])
    const to = `${alice.books}colleagues/`
    const moved = await alice.request('MOVE', `${alice.books}directory-2/`, { headers: { Destination: to } })
    expect(moved.status).toBe(201)
    await server.account()
    const all = (await alice.syncAll(to, '')).changed
    expect(all.length).toBeGreaterThan(2)
    expect((await alice.propfind(alice.books, 1, [dav('displayname')])).hrefs).toHaveLength(4)
  })
})

describe('the directory as an address book: directory.visibility groups', () => {
  const server = useServer({ directory: { addressBook: true, visibility: 'groups' } })

  it('holds those whom its owner may see, and at once no longer whom he may not', async () => {
    const [alice, bob, carol, dora] = await Promise.all([
      server.account(),
      server.account(),
      server.account(),
      server.account(),
    ])
    expect(await namesIn(alice)).toEqual([alice.name])
    await group(server, 'team', alice, bob)
    await group(server, 'inner', carol)
    expect(await namesIn(alice)).toEqual([alice.name, bob.name, 'team'].sort())
    await join(server, 'team', 'inner')
    expect(await namesIn(alice)).toEqual([alice.name, bob.name, carol.name, 'inner', 'team'].sort())
    const { token, changed } = await alice.syncAll(bookOf(alice), '')
    expect((await cardOf(alice, 'team')).match(/-MEMBER:/g)).toHaveLength(3)
    await leave(server, 'team', 'inner')
    const after = await alice.syncAll(bookOf(alice), token)
    expect([after.changed.length, after.removed.length]).toEqual([1, 2])
    for (const href of after.removed) expect((await alice.get(href)).status).toBe(404)
    expect(changed).toEqual(expect.arrayContaining(after.removed))
    await delegate(server, dora.name, alice.name, 'read')
    expect(await namesIn(alice)).toEqual([alice.name, bob.name, dora.name, 'team'].sort())
    expect(await namesIn(dora)).toEqual([alice.name, dora.name].sort())
  })
})

describe('the directory as an address book: not wanted', () => {
  const server = useServer()

  it('is not there unless the settings say so', async () => {
    const alice = await server.account()
    expect((await alice.propfind(alice.books, 1, [dav('displayname')])).hrefs).toHaveLength(2)
    expect((await alice.get(bookOf(alice))).status).toBe(404)
    expect(JSON.parse((await callApi(alice, 'GET', '/directory')).text)).toMatchObject({ offered: false })
  })

  it('is shown no more once they do not, and goes', async () => {
    const alice = await server.account()
    const { services } = server
    const settings = server.settings as { directory: { addressBook: boolean } }
    settings.directory.addressBook = true
    const token = (await alice.sync(alice.books, '')).syncToken ?? ''
    const home = async () => (await alice.propfind(alice.books, 1, [dav('displayname')])).hrefs
    expect(await home()).toContain(bookOf(alice))
    settings.directory.addressBook = false
    const own = [alice.books, alice.contacts]
    expect(await home()).toEqual(own)
    expect((await alice.get(bookOf(alice))).status).toBe(404)
    await dropDirectoriesJob.run(services, new AbortController().signal, '')
    expect(await home()).toEqual(own)
    const gone = (await alice.sync(alice.books, token)).responses
    expect(gone.map(({ href, status }) => [href, status])).toEqual([[bookOf(alice), 404]])
  })
})
