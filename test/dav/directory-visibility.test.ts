import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { runNextJob } from '../../src/jobs/run-job.ts'
import { jobs } from '../../src/jobs/runner.ts'
import { call } from '../features/history/world.ts'
import { acl, hrefsIn, mustSetAcl } from './acls.ts'
import { preconditionsOf } from './client.ts'
import { delegate, group, join, leave, room } from './directory.ts'
import { type Account, type TestServer, useServer } from './server.ts'

const principals = '/dav/principals/'
const byName = (text: string): string =>
  `<d:principal-property-search xmlns:d="DAV:"><d:property-search><d:prop><d:displayname/></d:prop><d:match>${text}</d:match></d:property-search><d:prop><d:displayname/></d:prop></d:principal-property-search>`
const byToken = (text: string): string =>
  `<cs:calendarserver-principal-search xmlns:cs="http://calendarserver.org/ns/" xmlns:d="DAV:"><cs:search-token>${text}</cs:search-token><d:prop><d:displayname/></d:prop></cs:calendarserver-principal-search>`

/** What somebody finds, by every way there is. */
async function seen(account: Account): Promise<string[]> {
  const listed = (await account.propfind(principals, 1, [dav('displayname')])).hrefs.slice(1)
  for (const body of [byName(''), byToken('e')]) {
    const found = (await account.report(principals, body, { Depth: '0' })).hrefs
    if (body === byName('')) expect([...found].sort()).toEqual([...listed].sort())
    else for (const href of found) expect(listed).toContain(href)
  }
  return [...listed]
}

/** Somebody hidden and somebody missing are answered alike, but for what was asked. */
async function expectHidden(account: Account, hidden: { readonly principal: string }): Promise<void> {
  const missing = `${principals}nobody-at-all/`
  const about = async (path: string) => {
    const answers = []
    for (const at of [path, `${path}calendar-proxy-read/`])
      for (const [method, body] of [
        ['PROPFIND', ''],
        ['OPTIONS', ''],
        ['PROPPATCH', '<d:propertyupdate xmlns:d="DAV:"/>'],
        ['REPORT', byName('x')],
        ['ACL', '<d:acl xmlns:d="DAV:"/>'],
      ] as const) {
        const { status, text, headers } = await account.request(method, at, { headers: { Depth: '0' }, body })
        answers.push([
          method,
          status,
          text.replaceAll(path, 'PATH'),
          headers['x-farley-reason'],
          headers.allow,
        ])
      }
    return answers
  }
  expect(await about(hidden.principal)).toEqual(await about(missing))
  for (const who of [hidden.principal, missing]) {
    const answer = await acl(account, account.calendar, [{ who, grant: ['read'] }])
    expect(preconditionsOf(answer)).toEqual([dav('recognized-principal')])
  }
}

describe('directory.visibility: groups', () => {
  const server = useServer({ directory: { visibility: 'groups' } })

  it('an account finds itself, its groups, and whoever is in them', async () => {
    const [alice, bob, carol, dora] = await four(server)
    const inner = await group(server, 'g-inner', alice)
    const outer = await group(server, 'g-outer', { name: 'g-inner' }, bob)
    const other = await group(server, 'g-other', carol)
    expect((await seen(alice)).sort()).toEqual(
      [alice.principal, bob.principal, inner.principal, outer.principal].sort(),
    )
    expect(await seen(dora)).toEqual([dora.principal])
    for (const hidden of [carol, other]) await expectHidden(alice, hidden)
    const found = (await alice.propfind(bob.principal, 0, [dav('displayname')])).of(bob.principal)
    expect(found.text(dav('displayname'))).toBe(bob.name)
  })

  it('members of a group that one is not in oneself are not told', async () => {
    const [alice, bob] = await four(server)
    const hidden = await group(server, 'h-hidden', alice)
    await group(server, 'h-both', alice, bob)
    const property = dav('group-membership')
    const membership = async (account: Account) =>
      hrefsIn((await account.propfind(alice.principal, 0, [property])).of(alice.principal), property)
    expect(await membership(alice)).toContain(hidden.principal)
    expect(await membership(bob)).toEqual([`${principals}h-both/`])
  })

  it('rooms are found by those whose groups they are in', async () => {
    const [alice, bob] = await four(server)
    const attic = await room(server, 'r-attic')
    await group(server, 'r-floor', alice, { name: 'r-attic' })
    expect(await seen(alice)).toContain(attic.principal)
    await expectHidden(bob, attic)
  })

  it('what was shared with somebody who is not seen any more is neither told nor shared again, and can be ended', async () => {
    const [alice, bob, carol] = await four(server)
    const { name: team } = await group(server, 's-team', alice, bob, carol)
    const done = async (method: string, path: string, body?: unknown) => {
      const answer = await call(alice, method, path, body)
      expect(answer.status, `${method} ${path} ${answer.text}`).toBeLessThan(300)
      return answer
    }
    const [{ id: home }] = (await done('GET', '/file-homes')).json.items
    const { id } = (await done('POST', `/file-homes/${home}/folders`, { name: 'Offers' })).json
    const folders = `/files/${id}/shares`
    const share = async ({ name }: Account) => [
      await done('POST', '/shares', { collection: 'calendar', with: name, access: 'read' }),
      await done('POST', folders, { with: name, access: 'read' }),
    ]
    const ended = async () => (await done('GET', '/history/removed')).json.items
    const [whole] = await share(bob)
    const endings = [
      await done('DELETE', `/shares/${whole?.json.id}`),
      await done('DELETE', `${folders}/${bob.name}`),
    ]
    const gone = await ended()
    expect(gone).toMatchObject([
      { kind: 'folder', receiver: bob.name },
      { kind: 'share', receiver: bob.name },
    ])
    const makings = await share(carol)
    for (const who of [bob, carol]) await leave(server, team, who.name)
    expect(await ended()).toEqual([])
    const back = async () => {
      const places = { folder: `/files/${gone[0].key}`, share: `/shares/${gone[1].key}` }
      const [folder, shared] = gone.map(
        ({ revision }: { revision: number }) => `/history/${revision}/restore`,
      )
      const answers = [`${places.folder}${folder}`, `${places.share}${shared}`].map((at) =>
        call(alice, 'POST', at),
      )
      return (await Promise.all(answers)).map(({ status }) => status)
    }
    expect(await back()).toEqual([404, 404])
    const outcomeOf = async ({ headers }: Awaited<ReturnType<typeof done>>) => {
      const { json } = await done('POST', '/history/undo', { request: headers['farley-request'] })
      const signal = new AbortController().signal
      await runNextJob(server.services, jobs, signal, `undo-changes:${json.id}`)
      const { items } = (await done('GET', `/history/undos/${json.id}/items`)).json
      return items.map(({ outcome }: { outcome: string }) => outcome)
    }
    for (const ending of endings) expect(await outcomeOf(ending)).toEqual(['unchanged'])
    for (const making of makings) expect(await outcomeOf(making)).toEqual(['removed'])
    expect((await done('GET', '/shares')).json.shares).toEqual([])
    expect((await done('GET', folders)).json.items).toEqual([])
    await join(server, team, bob.name)
    expect(await back()).toEqual([204, 204])
  })
})

describe('directory.visibility: none', () => {
  const server = useServer({ directory: { visibility: 'none' } })

  it('an account finds itself, and those it has to do with by delegation', async () => {
    const [alice, bob, carol] = await four(server)
    await group(server, 'n-team', alice, carol)
    expect(await seen(alice)).toEqual([alice.principal])
    await expectHidden(alice, carol)
    await delegate(server, alice.name, bob.name, 'read')
    expect(await seen(alice)).toEqual([alice.principal, bob.principal])
    expect(await seen(bob), 'himself first').toEqual([bob.principal, alice.principal])
    await expectHidden(carol, alice)
  })

  it('a list that an administrator has set can be set again by who does not see whom it names', async () => {
    const [alice, bob] = await four(server)
    await delegate(server, alice.name, bob.name, 'read')
    await mustSetAcl(alice, alice.calendar, [{ who: bob.principal, grant: ['read'] }])
    await server.services.store.write((tx) => tx.sql.run('DELETE FROM proxies'))
    expect(await seen(alice)).toEqual([alice.principal])
    await mustSetAcl(alice, alice.calendar, [{ who: bob.principal, grant: ['read', 'bind'] }])
  })
})

async function four(server: TestServer): Promise<[Account, Account, Account, Account]> {
  return [await server.account(), await server.account(), await server.account(), await server.account()]
}
