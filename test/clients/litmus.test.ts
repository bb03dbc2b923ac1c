import { describe, expect, it } from 'vitest'
import { stages } from './world.ts'

const newStage = stages()

/** Every suite of litmus 0.13, and how many tests each has. */
const suites = { basic: 16, copymove: 13, props: 30, locks: 41, http: 4 } as const

describe('litmus, on the files of an account', () => {
  it.each(Object.entries(suites))('passes every test of %s, without a warning', async (suite, count) => {
    const { account, machine } = await newStage()
    const files = `${account.url}/dav/files/${account.user}/`
    const command = 'cd "$HOME" && exec litmus "$1" "$2" "$3"'
    const { stdout } = await machine.must(
      'sh',
      ['-c', command, 'sh', files, account.user, account.password],
      {
        env: { ...machine.env, TESTS: suite },
      },
    )
    expect(stdout).toContain(`of ${count} tests run: ${count} passed, 0 failed. 100.0%`)
    expect(stdout).not.toMatch(/WARNING|SKIPPED|FAIL/)
  })
})
