import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { faultOf, watched } from '../../src/api/checks.ts'
import { change, look } from '../../src/api/route.ts'
import type { Writer } from '../../storage/store.ts'

const shown = look(
  { method: 'GET', path: '/things', summary: 'Things', scope: 'none' },
  { reply: z.object({ name: z.string(), note: z.string().optional() }) },
  async () => ({ body: { name: 'x' } }),
)

describe('what the tests hold every answer of the API to', () => {
  it('is the schema of its route, no more and no less, and one of its statuses', () => {
    expect(faultOf(shown, { body: { name: 'a' } })).toBeUndefined()
    expect(faultOf(shown, { body: { name: 'a', note: undefined } })).toBeUndefined()
    for (const wrong of [{ name: 1 }, {}, { name: 'a', secret: 'b' }, undefined])
      expect(faultOf(shown, { body: wrong })).toMatch(/^GET \/things: /)
    expect(faultOf(shown, { status: 201, body: { name: 'a' } })).toMatch(/status 201/)
    expect(faultOf(shown, { body: Readable.from([]) })).toMatch(/octets/)
  })
})

describe('what the tests hold every change over the API to (law 5)', () => {
  const ofFacts = (affects: 'facts' | 'cards') =>
    change(
      { method: 'POST', path: '/facts', summary: 'Facts', scope: 'people', affects },
      {},
      async () => ({}),
    )

  it('is that a change of facts moves no feed on', async () => {
    for (const [affects, count] of [
      ['facts', 1],
      ['cards', 0],
    ] as const) {
      const faults: string[] = []
      let moved = 0
      const tx = { feedChanged: () => (moved += 1) } as unknown as Writer
      const run = watched(
        ofFacts(affects),
        async (given) => {
          given.feedChanged()
          return {}
        },
        (fault) => faults.push(fault),
      )
      await run(tx)
      expect([faults.length, moved]).toEqual([count, 1])
    }
  })
})
