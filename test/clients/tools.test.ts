import { describe, expect, it } from 'vitest'
import { must, python } from './programs.ts'

/** A client that is not there cannot pass: each program is started once and says its version. */
describe('real clients on this machine', () => {
  it.each([
    ['vdirsyncer', ['--version'], /vdirsyncer, version (0\.1[89]|0\.[2-9]\d)/],
    ['khal', ['--version'], /khal, version 0\.\d+/],
    ['khard', ['--version'], /Khard version 0\.\d+/],
    ['todoman', ['--version'], /todoman, version \d+\./],
    ['litmus', ['--version'], /litmus 0\.1[3-9]/],
    ['rclone', ['version'], /rclone v1\.\d+/],
    // It says its version and ends with 255.
    ['sh', ['-c', 'cadaver --version || true'], /cadaver 0\.\d+/],
    ['nginx', ['-v'], /^/],
    ['curl', ['--version'], /HTTP2/],
    [python, ['-c', 'import caldav.objects, requests; print("caldav", caldav.__name__)'], /^caldav caldav/],
  ] as const)('%s', async (program, args, version) => {
    expect((await must(program, args)).stdout).toMatch(version)
  })
})
