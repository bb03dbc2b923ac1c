import { describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { createClient } from '../dav/client.ts'
import { useProgram } from './program.ts'

const farley = useProgram()

describe('farley link', () => {
  it('add prints the address, which the running server answers and never logs; remove withdraws it', async () => {
    await farley.must(['user', 'add', 'alice'])
    const serving = await farley.serve()
    const [path = ''] = await farley.must(['link', 'add', 'alice', 'calendar', '--label', 'the club'])
    expect(path).toMatch(/^\/public\/[\w-]{43}\.ics$/)
    const stranger = createClient(serving.url)
    expect((await stranger.get(path)).text).toContain('X-WR-CALNAME:Calendar')
    const [line = ''] = await farley.must(['link', 'list', 'alice'])
    const [id = '', collection, label, , address] = line.split('\t')
    expect([collection, label, address]).toEqual(['calendar', 'the club', path])
    expect(await farley.must(['link', 'remove', 'alice', id])).toEqual([
      `The link ${id} of alice was withdrawn.`,
    ])
    expect((await stranger.get(path)).status).toBe(404)
    const [trashed = ''] = await farley.must(['trash', 'list', 'alice'])
    const [ended = '', , kind, , what] = trashed.split('\t')
    expect([kind, what]).toEqual(['link', 'the club'])
    expect(await farley.must(['trash', 'restore', 'alice', ended])).toEqual([
      `restored\t${ended}\tCalendar/the club`,
    ])
    expect((await stranger.get(path)).status).toBe(200)
    expect(await serving.stop()).toBe(0)
    expect(await serving.errors).toContain('/public/***')
    expect(await serving.errors).not.toContain(path.slice(8, 40))
  })

  it('list shows links to folders with their end, remove withdraws them by their own numbers, add makes them', async () => {
    const password = 'correct horse battery staple'
    await farley.must(['user', 'add', 'dora', '--password-stdin'], { input: password })
    const serving = await farley.serve()
    const dora = createClient(serving.url, { name: 'dora', password })
    for (const path of ['Offers/', 'Offers/2026/']) await dora.request('MKCOL', `/dav/files/dora/${path}`)
    const { id: folder } = (await call(dora, 'GET', '/files?path=/dora/Offers/2026')).json
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString()
    const [link] = (await call(dora, 'POST', `/files/${folder}/links`, { expiresAt })).json.items
    const id = `f${link.id}`
    expect(await farley.must(['link', 'list', 'dora'])).toEqual([
      [id, '/Offers/2026', '', 'never used', link.path, `until ${expiresAt}`].join('\t'),
    ])
    for (const wrong of [`${link.id}`, 'f999', 'x'])
      expect((await farley.run(['link', 'remove', 'dora', wrong])).stderr).toContain(
        `no public link ${wrong}`,
      )
    expect((await farley.run(['link', 'remove', 'alice', id])).code).toBe(1)
    const stranger = createClient(serving.url)
    expect((await stranger.get(link.path)).status).toBe(200)
    await farley.must(['link', 'remove', 'dora', id])
    expect((await stranger.get(link.path)).status).toBe(404)
    const [trashed = ''] = await farley.must(['trash', 'list', 'dora'])
    await farley.must(['trash', 'restore', 'dora', trashed.split('\t')[0] ?? ''])
    expect((await stranger.get(link.path)).status).toBe(200)

    const [made = ''] = await farley.must([
      'link',
      'add',
      'dora',
      ':files/Offers/2026/',
      '--until',
      expiresAt,
    ])
    expect((await stranger.get(made)).status).toBe(200)
    const [, added] = await farley.must(['link', 'list', 'dora'])
    expect(added?.split('\t').slice(1)).toEqual([
      '/Offers/2026',
      '',
      expect.any(String),
      made,
      `until ${expiresAt}`,
    ])
    for (const [options, why] of [
      [[':files/Offers/2025'], 'no folder "Offers/2025"'],
      [[':files/Offers', '--until', '2020-01-01'], 'over already'],
      [[':files/Offers', '--until', 'soon'], 'takes a time'],
      [[':files/Offers', '--label', 'club'], '--label goes with a collection'],
      [['calendar', '--until', expiresAt], '--until goes with a folder'],
    ] as const)
      expect((await farley.run(['link', 'add', 'dora', ...options])).stderr).toContain(why)
    expect(await serving.stop()).toBe(0)
  })

  it('names the collections there are where one is not found', async () => {
    expect(await farley.run(['link', 'add', 'alice', 'none'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('calendar, tasks, contacts'),
    })
    expect(
      await farley.must(['link', 'add', 'alice', 'Contacts'], {
        env: { FARLEY_PUBLIC_URL: 'https://dav.example.org/' },
      }),
    ).toEqual([expect.stringMatching(/^https:\/\/dav\.example\.org\/public\/[\w-]{43}\.vcf$/)])
  })
})
