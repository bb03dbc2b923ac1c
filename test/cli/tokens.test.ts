import { describe, expect, it } from 'vitest'
import { createClient } from '../dav/client.ts'
import { useProgram } from './program.ts'

const farley = useProgram()

describe('farley token', () => {
  it('is printed once, works beside a running server, and is void at once when it is removed', async () => {
    await farley.must(['user', 'add', 'alice'])
    const serving = await farley.serve()
    const words = ['token', 'add', 'alice', '--label', 'reports', '--scope', 'account:read,people:write']
    const [token] = await farley.must([...words, '--days', '30'])
    const status = async (): Promise<number> =>
      (await createClient(serving.url).get('/api/account', { Authorization: `Bearer ${token}` })).status
    expect(await status()).toBe(200)
    const [listed = ''] = await farley.must(['token', 'list', 'alice'])
    expect(listed).toContain('\treports\taccount:read people:write\t')
    expect(listed).not.toContain(token)
    const [id = ''] = listed.split('\t')
    expect(await farley.run(['token', 'remove', 'alice', '999'])).toMatchObject({ code: 1 })
    expect(await farley.must(['token', 'remove', 'alice', id])).toEqual([
      `The token ${id} of alice was removed.`,
    ])
    expect(await status()).toBe(401)
    expect(await serving.stop()).toBe(0)
  })

  it('wants a label, scopes that there are, and days', async () => {
    await farley.must(['user', 'add', 'bob'])
    const add = (...words: string[]) => farley.run(['token', 'add', 'bob', ...words])
    expect(await add('--scope', 'people:read')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--label'),
    })
    for (const scope of ['', 'all', 'people'])
      expect(await add('--label', 'x', '--scope', scope)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('--scope'),
      })
    expect(await add('--label', 'x', '--scope', 'people:read', '--days', 'many')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--days'),
    })
  })
})
