import { describe, expect, it } from 'vitest'
import { createClient } from '../dav/client.ts'
import { event } from '../dav/objects.ts'
import { useProgram } from './program.ts'

const farley = useProgram()

describe('farley share', () => {
  it('add, accept, list and remove work beside the running server', async () => {
    for (const name of ['alice', 'bob'])
      await farley.must(['user', 'add', name, '--email', `${name}@example.org`, '--password-stdin'], {
        input: name,
      })
    const serving = await farley.serve()
    const bob = createClient(serving.url, { name: 'bob', password: 'bob' })
    const words = ['share', 'add', 'alice', 'Calendar', 'bob@example.org']
    expect(await farley.must([...words, '--access', 'read-write', '--summary', 'Team'])).toEqual([
      'Calendar is shared with bob@example.org: read-write.',
    ])
    const invited = (await farley.must(['share', 'list', 'bob'])).map((line) => line.split('\t'))
    expect(invited).toEqual([
      ['from', expect.stringMatching(/^\d+$/), 'calendar', 'alice', 'read-write', 'invited'],
    ])
    expect(await farley.must(['share', 'accept', 'bob', 'Team'])).toEqual([
      'It is in the home of bob as alice-calendar.',
    ])
    const href = '/dav/calendars/bob/alice-calendar/'
    expect((await bob.put(`${href}a.ics`, event('a'))).status).toBe(201)
    expect(await farley.must(['share', 'list', 'alice'])).toEqual(['to\tcalendar\tbob\tread-write\taccepted'])
    await farley.must(['share', 'decline', 'bob', invited[0]?.[1] ?? ''])
    expect((await bob.get(href)).status).toBe(404)
    await farley.must([...words, '--access', 'free-busy', '--accept'])
    expect(await farley.must(['share', 'list', 'alice'])).toEqual(['to\tcalendar\tbob\tfree-busy\taccepted'])
    await farley.must(['share', 'remove', 'alice', 'calendar', 'bob'])
    expect((await bob.get(href)).status).toBe(404)
    expect(await farley.must(['share', 'list', 'bob'])).toEqual([])
    expect(await serving.stop()).toBe(0)
  })

  it('says what cannot be shared, and what is not', async () => {
    const failed = async (...words: string[]) => farley.run(['share', ...words])
    expect(await failed('add', 'alice', 'calendar', 'bob', '--access', 'all')).toMatchObject({ code: 2 })
    expect(await failed('add', 'alice', 'calendar')).toMatchObject({ code: 2 })
    expect(await failed('add', 'alice', 'calendar', 'alice')).toMatchObject({
      code: 1,
      stderr: 'farley: A collection is not shared with its owner.\n',
    })
    expect(await failed('add', 'alice', 'contacts', 'bob', '--access', 'free-busy')).toMatchObject({
      code: 1,
    })
    expect(await failed('add', 'alice', 'calendar', 'nobody')).toMatchObject({ code: 1 })
    expect(await failed('remove', 'alice', 'calendar', 'bob')).toMatchObject({
      code: 1,
      stderr: 'farley: "calendar" is not shared with "bob".\n',
    })
    expect(await failed('accept', 'bob', 'calendar')).toMatchObject({
      code: 1,
      stderr: 'farley: No collection "calendar" is shared with "bob".\n',
    })
  })
})
