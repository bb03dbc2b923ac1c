import { describe, expect, it } from 'vitest'
import { runNextJob } from '../../../src/jobs/run-job.ts'
import { jobs } from '../../../src/jobs/runner.ts'
import { addThingRevision } from '../../../storage/history/thing-revisions.ts'
import { findPrincipalByName } from '../../../storage/principals.ts'
import { mustSetAcl, readAces } from '../../dav/acls.ts'
import type { Client } from '../../dav/client.ts'
import { deviceOf } from '../../dav/devices.ts'
import { card, event } from '../../dav/objects.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { idOf } from '../facts/world.ts'
import { call } from './world.ts'

const server = useServer()
const at = (ms: number): string => new Date(ms).toISOString()
const tick = (): number => (server.clock.now += 1_000)

async function world() {
  const [alice, bob] = [await server.account(), await server.account()]
  return { alice, bob, phone: await deviceOf(server, alice, 'other') }
}

/** A request that has to succeed. */
async function done(client: Client, method: string, path: string, body?: unknown) {
  const answer = await call(client, method, path, body)
  expect(answer.status, `${method} ${path} ${answer.text}`).toBeLessThan(300)
  return answer
}

interface Change {
  readonly revision: number
  readonly how: string
  readonly author: string | null
  readonly device: { readonly id: number } | null
  readonly changes: readonly {
    readonly property: string
    readonly before: string | null
    readonly after: string | null
  }[]
}

const historyOf = async (client: Client, path: string): Promise<Change[]> =>
  (await done(client, 'GET', `${path}/history`)).json.items

const restore = (client: Client, path: string, { revision = 0 }: Partial<Change> = {}) =>
  call(client, 'POST', `${path}/history/${revision}/restore`)

async function undo(alice: Account, asked: object) {
  const { status, json } = await done(alice, 'POST', '/history/undo', asked)
  if (status === 200) return json
  await runNextJob(server.services, jobs, new AbortController().signal, `undo-changes:${json.id}`)
  const { items } = (await done(alice, 'GET', `/history/undos/${json.id}/items`)).json
  return { ...json, items }
}

const filter = (text: string) => ({ field: 'name', op: 'contains', text })

describe('the history of a list', () => {
  it('says who changed what of it by which device, and each state comes back; nobody else sees it', async () => {
    const { alice, bob, phone } = await world()
    const { id } = (await done(alice, 'POST', '/lists', { name: 'Lyon', filter: filter('ann') })).json
    const path = `/lists/${id}`
    await done(phone, 'PATCH', path, { name: 'Paris', filter: filter('bea') })
    await done(alice, 'PATCH', path, { color: '#112233' })
    await done(alice, 'PATCH', path, { color: '#112233' })
    const [colored, renamed, made, ...more] = await historyOf(alice, path)
    expect(more).toEqual([])
    expect(colored?.changes).toEqual([{ property: 'color', before: null, after: '#112233' }])
    expect(renamed).toMatchObject({ how: 'changed', author: alice.name, device: { id: phone.id } })
    expect(renamed?.changes).toEqual([
      { property: 'name', before: 'Lyon', after: 'Paris' },
      { property: 'filter', before: JSON.stringify(filter('ann')), after: JSON.stringify(filter('bea')) },
    ])
    expect(made?.how).toBe('added')
    const first = (await done(alice, 'GET', `${path}/history?limit=1`)).json
    expect((await done(alice, 'GET', `${path}/history?limit=1&cursor=${first.next}`)).json.items).toEqual([
      renamed,
    ])
    const theirs = [await call(bob, 'GET', `${path}/history`), await restore(bob, path, renamed)]
    expect(theirs.map(({ status }) => status)).toEqual([404, 404])
    expect((await restore(alice, path, renamed)).status).toBe(204)
    const now = (await done(alice, 'GET', path)).json
    expect(now).toMatchObject({ name: 'Lyon', color: '#112233', filter: filter('ann') })
    const [back] = await historyOf(alice, path)
    expect(back).toMatchObject({ how: 'changed', origin: 'restore' })
    await done(alice, 'DELETE', path)
    const [gone] = await historyOf(alice, path)
    expect(gone?.how).toBe('removed')
    expect((await restore(alice, path, gone)).status).toBe(204)
    expect((await done(alice, 'GET', path)).json.name).toBe('Lyon')
  })

  it('has the names of whom and what its questions name, as far as they are seen', async () => {
    const { alice } = await world()
    await alice.put(`${alice.contacts}a.vcf`, card('a', 'Ann', ['TEL:1']))
    await alice.put(`${alice.contacts}b.vcf`, card('b', 'Bea', ['TEL:1']))
    const choices = [{ key: 'a', label: 'Large', isRetired: false }]
    const size = { label: `Size of ${alice.name}`, type: 'choice', options: { choices } }
    const { key } = (await done(alice, 'POST', '/fields', size)).json
    const book = (await done(alice, 'GET', '/books')).json.books[0]
    const relation = { field: 'relation', to: await idOf(alice, 'Ann') }
    const asked = {
      all: [
        { any: [relation, { not: { field: 'custom', key, op: 'is', value: 'a' } }] },
        { field: 'relation', to: await idOf(alice, 'Bea') },
        { field: 'book', book: book.id },
      ],
    }
    const { id } = (await done(alice, 'POST', '/lists', { name: 'Them', filter: asked })).json
    await alice.delete(`${alice.contacts}b.vcf`)
    const [made] = await historyOf(alice, `/lists/${id}`)
    const told = made?.changes.find(({ property }) => property === 'filter')?.after
    expect(JSON.parse(told ?? '')).toEqual({
      all: [
        {
          any: [
            { field: 'relation', to: 'Ann' },
            { not: { field: 'custom', key: size.label, op: 'is', value: 'Large' } },
          ],
        },
        { field: 'relation', to: '' },
        { field: 'book', book: book.title },
      ],
    })
  })
})

describe('the history of a label', () => {
  it('has its colours and its names, and its way back is that of the request where cards had it too', async () => {
    const { alice, bob } = await world()
    await alice.put(`${alice.contacts}a.vcf`, card('a', 'Ann', ['CATEGORIES:friend']))
    await done(alice, 'PATCH', '/labels/friend', { color: '#112233' })
    await done(alice, 'PATCH', '/labels/friend', { color: '#445566' })
    const renaming = await done(alice, 'PATCH', '/labels/friend', { name: 'mate' })
    const [renamed, colored, made] = await historyOf(alice, '/labels/mate')
    expect(renamed?.changes).toEqual([{ property: 'name', before: 'friend', after: 'mate' }])
    expect([colored?.changes, made?.how]).toEqual([
      [{ property: 'color', before: '#112233', after: '#445566' }],
      'added',
    ])
    expect((await call(bob, 'GET', '/labels/mate/history')).status).toBe(404)
    expect((await restore(alice, '/labels/mate', renamed)).status).toBe(409)
    expect((await restore(alice, '/labels/mate', colored)).status).toBe(204)
    expect((await done(alice, 'GET', '/labels/mate')).json.color).toBe('#112233')
    const undone = await undo(alice, { request: renaming.headers['farley-request'] })
    expect(undone.items.map(({ note }: { note: string }) => note)).toEqual(['', ''])
    expect((await done(alice, 'GET', '/labels/friend')).json).toMatchObject({ color: '#112233', count: 1 })
    expect((await call(alice, 'GET', '/labels/mate')).status).toBe(404)
    await done(alice, 'DELETE', '/labels/friend')
    const [gone] = await historyOf(alice, '/labels/friend')
    expect((await restore(alice, '/labels/friend', gone)).status).toBe(204)
    expect((await done(alice, 'GET', '/labels/friend')).json).toMatchObject({ color: '#112233', count: 0 })
  })
})

describe('the history of a field', () => {
  it('brings its label and its answers back, keeps those that came later, and makes one again that was removed', async () => {
    const { alice, bob, phone } = await world()
    const choices = [{ key: 'a', label: 'A', isRetired: false }]
    const made = { label: `Size ${alice.name}`, type: 'choice', options: { choices } }
    const { id } = (await done(alice, 'POST', '/fields', made)).json
    const path = `/fields/${id}`
    const more = [...choices, { key: 'b', label: 'B', isRetired: false }]
    await done(phone, 'PATCH', path, { label: `Format ${alice.name}`, options: { choices: more } })
    const [changed] = await historyOf(alice, path)
    expect(changed).toMatchObject({ how: 'changed', device: { id: phone.id } })
    expect(changed?.changes.map(({ property }) => property)).toEqual(['label', 'formerLabels', 'options'])
    expect((await historyOf(bob, path))[0]?.revision).toBe(changed?.revision)
    expect((await restore(alice, path, changed)).status).toBe(204)
    const now = (await done(alice, 'GET', path)).json
    expect(now.label).toBe(made.label)
    expect(now.options.choices).toEqual([...choices, { key: 'b', label: 'B', isRetired: true }])
    await done(alice, 'DELETE', path)
    const [gone] = await historyOf(alice, path)
    expect((await restore(alice, path, gone)).status).toBe(204)
    const { version: _, ...back } = (await done(alice, 'GET', path)).json
    expect(now).toMatchObject(back)
  })
})

describe('the history of what is shared', () => {
  it('says with whom and what was seen; what was ended is shared again', async () => {
    const { alice, bob } = await world()
    await alice.put(`${alice.contacts}b.vcf`, card('b', 'Bea', ['TEL:1']))
    const party = await idOf(alice, 'Bea')
    const what = { kind: 'person', party }
    const { id } = (await done(alice, 'POST', '/grants', { what, with: bob.name })).json
    const path = `/grants/${id}`
    await done(alice, 'PATCH', path, { masks: [{ hide: ['TEL'] }], access: 'read-write' })
    const [changed, made] = await historyOf(alice, path)
    expect(changed?.changes).toEqual([
      { property: 'access', before: 'read', after: 'read-write' },
      { property: 'masks', before: '[]', after: '[{"hide":["TEL"]}]' },
    ])
    expect(made?.changes).toContainEqual({ property: 'receiver', before: null, after: bob.name })
    expect(made?.changes).toContainEqual({ property: 'party', before: null, after: 'Bea' })
    expect((await call(bob, 'GET', `${path}/history`)).status).toBe(404)
    expect((await restore(alice, path, changed)).status).toBe(204)
    expect((await done(alice, 'GET', path)).json).toMatchObject({ access: 'read', masks: [] })
    await done(alice, 'DELETE', path)
    const [gone] = await historyOf(alice, path)
    expect([gone?.how, (await restore(alice, path, gone)).status]).toEqual(['removed', 204])
    const { items } = (await done(alice, 'GET', '/grants')).json
    expect(items).toMatchObject([{ what, with: { name: bob.name }, access: 'read' }])
    expect((await historyOf(alice, `/grants/${items[0].id}`)).length).toBe(5)
  })
})

/** What somebody shares as a whole no longer. */
const endedOf = async (who: Account) =>
  (await done(who, 'GET', '/history/removed')).json.items.filter(
    ({ kind }: { kind: string }) => kind === 'share' || kind === 'folder',
  )

async function madeFolder(who: Account, name: string): Promise<number> {
  const [{ id: home }] = (await done(who, 'GET', '/file-homes')).json.items
  return (await done(who, 'POST', `/file-homes/${home}/folders`, { name })).json.id
}

const requestOf = ({ headers }: Awaited<ReturnType<typeof call>>) => ({ request: headers['farley-request'] })

describe('the history of what is shared as a whole', () => {
  it('is that of a calendar: with whom, and what they may do; ended, it is there again for who had it', async () => {
    const { alice, bob, phone } = await world()
    const body = { collection: 'calendar', with: bob.name, access: 'read-write', summary: 'Work' }
    const { id } = (await done(alice, 'POST', '/shares', body)).json
    const [invite] = (await done(bob, 'GET', '/invites')).json.invites
    const { name } = (await done(bob, 'POST', `/invites/${invite.id}/accept`)).json
    const path = `/shares/${id}`
    await done(phone, 'PATCH', path, { access: 'read' })
    await done(alice, 'PATCH', path, { access: 'read', summary: 'Ours' })
    const [named, changed, made, ...more] = await historyOf(alice, path)
    expect(more).toEqual([])
    expect(named?.changes).toEqual([{ property: 'summary', before: 'Work', after: 'Ours' }])
    expect(changed).toMatchObject({ how: 'changed', author: alice.name, device: { id: phone.id } })
    expect(changed?.changes).toEqual([{ property: 'access', before: 'read-write', after: 'read' }])
    expect(made?.changes).toContainEqual({ property: 'receiver', before: null, after: bob.name })
    expect(made?.changes).toContainEqual({ property: 'collection', before: null, after: 'Calendar' })
    for (const who of [bob, await server.account()]) {
      expect((await call(who, 'GET', `${path}/history`)).status).toBe(404)
      expect((await restore(who, path, changed)).status).toBe(404)
    }
    expect((await restore(alice, path, changed)).status).toBe(204)
    expect((await done(alice, 'GET', path)).json).toMatchObject({ access: 'read-write', summary: 'Ours' })
    const href = `${bob.calendars}${name}/`
    await alice.put(`${alice.calendar}old.ics`, event('old'))
    const { token } = await bob.syncAll(href, '')
    await done(alice, 'DELETE', path)
    expect((await bob.get(href)).status).toBe(404)
    await alice.put(`${alice.calendar}new.ics`, event('new'))
    const [gone] = await endedOf(alice)
    expect(gone).toMatchObject({ kind: 'share', name: 'Calendar', receiver: bob.name, isMine: true })
    expect((await call(bob, 'GET', `/shares/${gone.key}/history`)).status).toBe(404)
    expect((await restore(alice, `/shares/${gone.key}`, gone)).status).toBe(204)
    expect(await endedOf(alice)).toEqual([])
    const [back] = (await done(alice, 'GET', '/shares')).json.shares
    expect(back).toMatchObject({ access: 'read-write', summary: 'Ours', state: 'accepted' })
    // The phone goes on from where it was.
    expect(await bob.syncAll(href, token)).toMatchObject({ changed: [`${href}new.ics`], removed: [] })
    expect((await historyOf(alice, `/shares/${back.id}`)).length).toBe(6)
    // A calendar that is in the trash is what comes back first.
    await done(alice, 'DELETE', `/shares/${back.id}`)
    await done(alice, 'POST', '/calendars', { title: 'Another' })
    const { calendars } = (await done(alice, 'GET', '/calendars')).json
    await done(
      alice,
      'DELETE',
      `/calendars/${calendars.find((one: { name: string }) => one.name === 'calendar').id}`,
    )
    expect(await endedOf(alice)).toEqual([])
    expect((await restore(alice, `/shares/${gone.key}`, gone)).status).toBe(404)
  })

  it('is that of a folder, by whoever may share it', async () => {
    const { alice, bob } = await world()
    const id = await madeFolder(alice, 'Offers')
    const path = `/files/${id}/shares/${bob.name}`
    for (const access of ['read-write', 'read'])
      await done(alice, 'POST', `/files/${id}/shares`, { with: bob.name, access })
    const [changed, made] = await historyOf(alice, path)
    expect([changed?.changes, made?.how]).toEqual([
      [{ property: 'access', before: 'read-write', after: 'read' }],
      'added',
    ])
    // Who may read a folder is not told whom it is shared with.
    for (const who of [bob, await server.account()]) {
      expect((await call(who, 'GET', `${path}/history`)).status).toBe(404)
      expect((await restore(who, path, changed)).status).toBe(404)
    }
    const shown = async () => (await done(alice, 'GET', `/files/${id}/shares`)).json.items
    expect((await restore(alice, path, changed)).status).toBe(204)
    expect(await shown()).toMatchObject([{ with: { name: bob.name }, access: 'read-write' }])
    await done(alice, 'DELETE', path)
    expect((await call(bob, 'GET', `/files/${id}`)).status).toBe(404)
    const [gone] = await endedOf(alice)
    const key = `${id}/shares/${bob.name}`
    expect(gone).toMatchObject({ kind: 'folder', key, name: 'Offers', receiver: bob.name })
    expect((await restore(alice, `/files/${gone.key}`, gone)).status).toBe(204)
    expect(await shown()).toMatchObject([{ with: { name: bob.name }, access: 'read-write' }])
    expect((await call(bob, 'GET', `/files/${id}`)).status).toBe(200)
    const ending = await done(alice, 'DELETE', path)
    const undone = await undo(alice, { request: ending.headers['farley-request'] })
    expect(undone.items).toMatchObject([{ outcome: 'created', note: '' }])
    expect(await shown()).toHaveLength(1)
  })

  it('has what the list of a folder denied, too, and leaves what was set in it since', async () => {
    const { alice, bob } = await world()
    const id = await madeFolder(alice, 'Plans')
    const [href, path] = [`${alice.files}Plans/`, `/files/${id}/shares/${bob.name}`]
    const share = () => done(alice, 'POST', `/files/${id}/shares`, { with: bob.name, access: 'read-write' })
    const own = async () => (await readAces(alice, href)).filter(({ isProtected }) => !isProtected)
    const denial = { who: bob.principal, deny: ['write-content'] }
    await mustSetAcl(alice, href, [denial, { who: bob.principal, grant: ['read', 'bind'] }])
    const both = await own()
    const ending = await done(alice, 'DELETE', path)
    expect([both.length, await own()]).toEqual([2, []])
    expect((await undo(alice, requestOf(ending))).items).toMatchObject([{ outcome: 'created', note: '' }])
    expect(await own()).toEqual(both)
    await done(alice, 'DELETE', path)
    const [gone] = await endedOf(alice)
    expect((await restore(alice, `/files/${gone.key}`, gone)).status).toBe(204)
    expect(await own()).toEqual(both)
    await mustSetAcl(alice, href, [denial])
    const denied = await own()
    const sharing = await share()
    expect(await own()).not.toEqual(denied)
    await undo(alice, requestOf(sharing))
    expect(await own()).toEqual(denied)
    for (const change of [share, () => done(alice, 'DELETE', path)]) {
      const changing = await change()
      await mustSetAcl(alice, href, [denial, { who: bob.principal, grant: ['read'] }])
      const since = await own()
      const { items } = await undo(alice, requestOf(changing))
      expect(items).toMatchObject([{ outcome: 'skipped', note: 'Somebody else has changed it since.' }])
      expect(await own()).toEqual(since)
    }
  })
})

describe('what was removed lately', () => {
  it('is labels, fields and what is shared, of whoever looks, with a way back that brings cards along', async () => {
    const { alice, bob } = await world()
    await alice.put(`${alice.contacts}a.vcf`, card('a', 'Ann', ['CATEGORIES:friend']))
    const party = await idOf(alice, 'Ann')
    const { id: grant } = (
      await done(alice, 'POST', '/grants', { what: { kind: 'person', party }, with: bob.name })
    ).json
    const label = `Size of ${alice.name}`
    const { id: field } = (await done(alice, 'POST', '/fields', { label, type: 'text' })).json
    const removed = async (who: typeof alice) =>
      (await done(who, 'GET', '/history/removed')).json.items.filter(
        ({ kind, name }: { kind: string; name: string }) => kind !== 'field' || name === label,
      )
    expect(await removed(alice)).toEqual([])
    await done(alice, 'DELETE', '/labels/friend')
    await done(alice, 'DELETE', `/fields/${field}`)
    await done(alice, 'DELETE', `/grants/${grant}`)
    const gone = await removed(alice)
    expect(gone).toMatchObject([
      { kind: 'grant', key: String(grant), name: 'Ann', receiver: bob.name, isMine: true },
      { kind: 'field', key: String(field), name: label, receiver: null, isMine: true },
      { kind: 'label', key: 'friend', name: 'friend', receiver: null, isMine: true },
    ])
    expect(await removed(bob)).toMatchObject([{ kind: 'field', isMine: false }])
    for (const { requestId } of gone) await undo(alice, { request: requestId })
    expect(await removed(alice)).toEqual([])
    expect((await done(alice, 'GET', '/labels/friend')).json).toMatchObject({ count: 1, color: null })
    expect((await done(alice, 'GET', `/fields/${field}`)).json.label).toBe(label)
    expect((await done(alice, 'GET', '/grants')).json.items).toHaveLength(1)
    // Nobody made the label: it goes with the last card that has it, as before.
    await alice.delete(`${alice.contacts}a.vcf`)
    expect((await call(alice, 'GET', '/labels/friend')).status).toBe(404)
  })

  it('is found behind what others removed later, which is not shown', async () => {
    const { alice, bob } = await world()
    const label = `Mine ${alice.name}`
    const { id } = (await done(alice, 'POST', '/fields', { label, type: 'text' })).json
    await done(alice, 'DELETE', `/fields/${id}`)
    const book = (await done(bob, 'GET', '/books')).json.books[0].id
    for (let at = 0; at < 21; at += 1) {
      const theirs = { label: `${at} ${bob.name}`, type: 'text', book }
      const { id: other } = (await done(bob, 'POST', '/fields', theirs)).json
      await done(bob, 'DELETE', `/fields/${other}`)
    }
    const { items } = (await done(alice, 'GET', '/history/removed')).json
    expect(items.map(({ name }: { name: string }) => name)).toContain(label)
  })

  it('is looked for no further than a hundred shares of folders back', async () => {
    const { alice, bob } = await world()
    const id = await madeFolder(alice, 'Offers')
    await done(alice, 'POST', `/files/${id}/shares`, { with: bob.name, access: 'read' })
    await done(alice, 'DELETE', `/files/${id}/shares/${bob.name}`)
    const moreGone = (from: number, to: number) =>
      server.services.store.write(async (tx) => {
        const ownerId = (await findPrincipalByName(tx, alice.name))?.id ?? null
        for (let at = from; at < to; at += 1) {
          const of = { kind: 'folder', key: `${10_000_000 + at}-1`, ownerId, partyId: null } as const
          await addThingRevision(tx, { ...of, beforeJson: '{}', afterJson: null }, { kind: 'job' })
        }
      })
    await moreGone(0, 99)
    expect(await endedOf(alice)).toHaveLength(1)
    await moreGone(99, 100)
    expect(await endedOf(alice)).toEqual([])
  })
})

describe('undoing what a device did to lists, labels, fields and what is shared', () => {
  it('makes all of them as they were, but for what somebody has changed since; and again', async () => {
    const { alice, bob, phone } = await world()
    const list = (await done(alice, 'POST', '/lists', { name: 'One', filter: filter('ann') })).json.id
    const shared = (await done(alice, 'POST', '/grants', { what: { kind: 'list', list }, with: bob.name }))
      .json.id
    await done(alice, 'POST', '/labels', { name: 'friend', color: '#112233' })
    const seen = async () => ({
      lists: (await done(alice, 'GET', '/lists')).json.lists.map(
        ({ name, description, color, filter: asked }: Record<string, unknown>) => ({
          name,
          description,
          color,
          asked,
        }),
      ),
      label: (await done(alice, 'GET', '/labels/friend')).json.color,
      grants: (await done(alice, 'GET', '/grants')).json.items.map(
        ({ access }: { access: string }) => access,
      ),
      fields: (await done(alice, 'GET', '/fields')).json.fields.length,
    })
    const before = await seen()
    const from = tick()
    await done(phone, 'PATCH', `/grants/${shared}`, { access: 'read-write' })
    await done(phone, 'PATCH', `/lists/${list}`, { name: 'Two', description: 'theirs' })
    await done(phone, 'PATCH', `/lists/${list}`, { name: 'Three' })
    await done(phone, 'POST', '/lists', { name: 'New', filter: filter('bea') })
    await done(phone, 'PATCH', '/labels/friend', { color: '#ffffff' })
    await done(phone, 'POST', '/fields', { label: `By phone ${alice.name}`, type: 'text' })
    const asked = { device: phone.id, from: at(from) }
    const tried = await undo(alice, { ...asked, dryRun: true })
    expect(tried.counts).toMatchObject({ updated: 3, removed: 2 })
    const changed = await seen()
    const { id, items } = await undo(alice, asked)
    // The book that the other has of the list is called as it is anyway.
    const open = items.filter(({ outcome }: Record<string, string>) => outcome !== 'unchanged')
    expect(open.map(({ outcome, note }: Record<string, string>) => [outcome, note]).toSorted()).toEqual([
      ['removed', ''],
      ['removed', ''],
      ['updated', ''],
      ['updated', ''],
      ['updated', ''],
    ])
    expect(await seen()).toEqual(before)
    const again = (await done(alice, 'POST', `/history/undos/${id}/undo`)).json
    await runNextJob(server.services, jobs, new AbortController().signal, `undo-changes:${again.id}`)
    expect(await seen()).toEqual(changed)
    const later = tick()
    await done(phone, 'PATCH', `/lists/${list}`, { name: 'Four', description: 'other' })
    await done(alice, 'PATCH', `/lists/${list}`, { name: 'Mine' })
    const left = (await undo(alice, { device: phone.id, from: at(later) })).items
    const item = left.find(({ component }: { component: string }) => component === 'THING')
    expect(item).toMatchObject({ outcome: 'updated', note: 'Somebody else has changed it since.' })
    expect((await done(alice, 'GET', `/lists/${list}`)).json).toMatchObject({
      name: 'Mine',
      description: 'theirs',
    })
  })
})
