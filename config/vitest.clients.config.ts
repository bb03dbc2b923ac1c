import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { attempts } from './vitest.attempts.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Real clients against a real server: slow, and in need of Debian's vdirsyncer, khal, khard, todoman,
 * python3-caldav, litmus, rclone and cadaver, and of the servers of test/peers, so apart from the tests of every day. A
 * missing program fails.
 */
// biome-ignore lint/style/noDefaultExport: vitest takes its configuration from the default export
export default defineConfig({
  root,
  test: {
    include: ['test/clients/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    ...attempts,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
})
