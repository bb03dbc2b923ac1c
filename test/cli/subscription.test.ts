import { describe, expect, it } from 'vitest'
import { event } from '../dav/objects.ts'
import { usePublisher } from '../publisher.ts'
import { useProgram } from './program.ts'

const farley = useProgram()
const publisher = usePublisher()
const env = { FARLEY_SUBSCRIPTIONS_PRIVATE_NETWORKS: '127.0.0.0/8' }
const run = (...words: readonly string[]) => farley.run(['subscription', ...words], { env })
const must = (...words: readonly string[]) => farley.must(['subscription', ...words], { env })

describe('farley subscription', { timeout: 120_000 }, () => {
  it('adds a calendar, fetches it, lists it without its password, and removes it', async () => {
    await farley.must(['user', 'add', 'jane'])
    publisher.publish('/team.ics', event('a'))
    const source = `http://jane:secret@127.0.0.1:${publisher.port}/team.ics`
    expect(await must('add', 'jane', source, '--name', 'The Team!', '--every', '6h')).toEqual([
      'fetched\tthe-team\t1 objects, 0 skipped',
    ])
    const [line = ''] = await must('list', 'jane')
    const [name, objects, skipped, fetchedAt, nextAt, address] = line.split('\t')
    const shown = `http://jane:***@127.0.0.1:${publisher.port}/team.ics`
    expect([name, objects, skipped, address]).toEqual(['the-team', '1', '0', shown])
    const hours = (Date.parse(nextAt ?? '') - Date.parse(fetchedAt ?? '')) / 3_600_000
    expect(hours).toBeGreaterThan(5.9)
    expect(hours).toBeLessThan(6.5)
    expect(await must('remove', 'jane', 'the-team')).toEqual(['jane follows the-team no more.'])
    expect(await must('list', 'jane')).toEqual([])
    expect(await farley.must(['trash', 'list', 'jane'])).toEqual([
      expect.stringContaining('\tcalendar\tthe-team\t'),
    ])
  })

  it('fetches anew when it is told to; a failure ends with 1, and stands in both lists', async () => {
    await farley.must(['user', 'add', 'kim'])
    const url = publisher.publish('/k.ics', event('a'))
    expect(await must('add', 'kim', url)).toEqual(['fetched\t127-0-0-1\t1 objects, 0 skipped'])
    expect(await run('add', 'kim', `${publisher.url}/none.ics`)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^failed\t127-0-0-1-2\t127\.0\.0\.1:\d+ answers 404: /),
    })
    publisher.publish('/k.ics', event('b'), 2)
    const { code, stdout } = await run('refresh', 'kim')
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/^fetched\t127-0-0-1\t1 .*\nfailed\t127-0-0-1-2\t/),
    ])
    expect(await must('refresh', 'kim', '127-0-0-1')).toHaveLength(1)
    expect((await must('list', 'kim'))[1]).toContain('answers 404')
    const failed = (await farley.must(['job', 'list'])).filter((line) => line.includes('answers 404'))
    expect(failed).toEqual([expect.stringMatching(/^subscription:\d+\t.*\t2\t/)])
  })

  it('fetches nothing from private networks unless they are allowed', async () => {
    await farley.must(['user', 'add', 'lee'])
    const url = publisher.publish('/l.ics', event('a'))
    const { code, stdout } = await farley.run(['subscription', 'add', 'lee', url])
    expect([code, stdout]).toEqual([1, expect.stringContaining('is not at a public address.')])
    expect(publisher.requests).toHaveLength(0)
  })

  it('says what is wrong with what it is given', async () => {
    await farley.must(['user', 'add', 'max'])
    const wrong: readonly (readonly [readonly string[], string])[] = [
      [['add', 'max'], 'Missing: the URL of the calendar.'],
      [['add', 'max', 'file:///etc/passwd'], 'Give the address of a calendar'],
      [['add', 'max', 'https://example.org/', '--every', 'often'], 'Give --every as 30m, 6h or 1d.'],
      [['refresh', 'max', 'other'], 'max follows nothing as "other".'],
      [['remove', 'max', 'calendar'], 'max follows nothing as "calendar".'],
    ]
    for (const [words, message] of wrong) {
      expect(await run(...words)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) })
    }
  })
})
