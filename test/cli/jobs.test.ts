import { describe, expect, it } from 'vitest'
import { jobs } from '../../src/jobs/runner.ts'
import { useProgram } from './program.ts'

const farley = useProgram()

describe('farley job list', () => {
  it('lists what the server does by itself: next time, last time, attempts, last error', async () => {
    const usual = jobs.filter(({ everyMs }) => everyMs !== undefined).map(({ kind }) => kind)
    expect(await farley.must(['job', 'list'])).toEqual([])
    const serving = await farley.serve()
    await expect.poll(() => farley.must(['job', 'list']), { timeout: 30_000 }).toHaveLength(usual.length)
    expect(await serving.stop()).toBe(0)
    const time = String.raw`\d{4}-\d\d-\d\dT[\d:.]+Z`
    for (const line of await farley.must(['job', 'list'])) {
      expect(line).toMatch(new RegExp(`^(${usual.join('|')})\t${time}\t\t0$`))
    }
  })
})
