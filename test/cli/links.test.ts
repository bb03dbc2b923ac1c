import { describe, expect, it } from 'vitest'
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
    expect(await serving.stop()).toBe(0)
    expect(await serving.errors).toContain('/public/***')
    expect(await serving.errors).not.toContain(path.slice(8, 40))
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
