import { describe, expect, it } from 'vitest'
import { todo } from '../../dav/objects.ts'
import { useServer } from '../../dav/server.ts'
import { call } from '../json.ts'

const server = useServer()

describe('the API: tasks', () => {
  it('are those of all lists in order, in pages, done ones only where they are asked for', async () => {
    const account = await withTasks({
      a: ['DUE;VALUE=DATE:20260305', 'PRIORITY:9'],
      b: ['DUE;TZID=Europe/Berlin:20260302T090000'],
      c: ['PRIORITY:1'],
      d: ['STATUS:COMPLETED', 'COMPLETED:20260301T100000Z', 'DUE;VALUE=DATE:20260301'],
    })
    expect(await titles(account, '')).toEqual(['b', 'a', 'c'])
    expect(await titles(account, '?order=priority')).toEqual(['c', 'a', 'b'])
    expect(await titles(account, '?state=done')).toEqual(['d'])
    expect(await titles(account, '?state=all&due=2026-03-02')).toEqual(['d', 'b'])
    expect(await titles(account, '?due=none')).toEqual(['c'])
    const first = (await call(account, 'GET', '/tasks?limit=2')).json
    const second = (await call(account, 'GET', `/tasks?limit=2&cursor=${first.next}`)).json
    expect(second).toMatchObject({ next: null, isCut: false })
    expect(second.items).toHaveLength(1)
    const other = await call(account, 'GET', `/tasks?limit=2&order=manual&cursor=${first.next}`)
    expect(other.status).toBe(422)
  })

  it('RFC 5545 §3.8.4.5 say what they are a part of', async () => {
    const account = await withTasks({
      whole: ['X-APPLE-SORT-ORDER:7'],
      part: ['RELATED-TO;RELTYPE=PARENT:whole', 'PERCENT-COMPLETE:40', 'STATUS:IN-PROCESS'],
      lost: ['RELATED-TO:nowhere'],
    })
    const { items } = (await call(account, 'GET', '/tasks')).json
    const named = (name: string) => items.find(({ uid }: { uid: string }) => uid === name)
    expect(named('part')).toMatchObject({
      parent: { uid: 'whole', id: named('whole').id },
      ...{ percent: 40, status: 'in-process' },
    })
    expect(named('lost').parent).toEqual({ uid: 'nowhere', id: null })
    expect(named('whole')).toMatchObject({ order: 7, parent: null, isRecurring: false })
    expect(await titles(account, `?parent=${named('whole').id}`)).toEqual(['part'])
    const one = await call(account, 'GET', `/tasks/${named('part').id}`)
    expect(one.json).toEqual(named('part'))
    expect((await call(await server.account(), 'GET', `/tasks/${named('part').id}`)).status).toBe(404)
  })
})

type Account = Awaited<ReturnType<typeof server.account>>

async function withTasks(tasks: Readonly<Record<string, readonly string[]>>): Promise<Account> {
  const account = await server.account()
  for (const [uid, lines] of Object.entries(tasks))
    expect((await account.put(`${account.tasks}${uid}.ics`, todo(uid, lines))).status).toBe(201)
  return account
}

async function titles(account: Account, query: string): Promise<string[]> {
  const { json } = await call(account, 'GET', `/tasks${query}`)
  return json.items.map(({ uid }: { uid: string }) => uid)
}
