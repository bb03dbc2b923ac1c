import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { createClient } from '../dav/client.ts'
import { useProgram } from './program.ts'

const farley = useProgram()

describe('farley demo', () => {
  it('makes a firm once, which phones and the API find whole, and serves it again as it is', async () => {
    const data = join(farley.data, 'firm')
    const first = await farley.serve(['--data', data], { command: 'demo' })
    const password = first.lines.flatMap((line) => /^ {2}anna +(\S+)/.exec(line)?.[1] ?? [])[0] ?? ''
    const anna = createClient(first.url, { name: 'anna', password })
    const count = async (path: string) => (await call(anna, 'GET', path)).json.items.length
    expect(await count('/parties?limit=500')).toBe(111)
    expect(await count('/parties?limit=500&kind=org')).toBe(15)
    expect(await count('/parties?limit=500&role=supplier&kind=org')).toBe(5)
    const { json } = await call(anna, 'GET', '/parties?limit=500&kind=person')
    const works = json.items.filter(({ organisation }: { organisation: string }) => organisation !== '')
    expect(works).toHaveLength(60)
    const someone = (await call(anna, 'GET', `/parties/${works[0].id}`)).json
    expect(someone.memberships[0].organisation, 'the job leads to the company').not.toBeNull()
    expect(await count(`/parties/${works[0].id}/timeline`)).toBeGreaterThan(0)
    expect((await call(anna, 'GET', '/lists')).json.lists).toHaveLength(5)
    expect(await count('/duplicates')).toBe(0)
    const ben = createClient(first.url, { name: 'ben', password })
    expect((await call(ben, 'GET', '/parties?limit=500')).json.items).toHaveLength(111)
    expect((await call(ben, 'GET', '/account')).status).toBe(200)
    expect(await first.stop()).toBe(0)
    expect(statSync(join(data, 'demo.json')).mode & 0o777).toBe(0o600)
    const again = await farley.serve(['--data', data], { command: 'demo' })
    expect(again.lines.join('\n')).toContain(password)
    const later = createClient(again.url, { name: 'anna', password })
    expect((await call(later, 'GET', '/parties?limit=500')).json.items).toHaveLength(111)
    expect(await again.stop()).toBe(0)
  })

  it('puts nothing among what is somebody’s own', async () => {
    await farley.must(['user', 'add', 'jane', '--password-stdin'], { input: 'a long enough password' })
    writeFileSync(join(farley.data, 'note'), '')
    const { code, stderr } = await farley.run(['demo'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('not a whole demo')])
    expect(await farley.must(['user', 'list'])).toHaveLength(1)
  })
})
