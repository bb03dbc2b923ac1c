import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { attempts } from './vitest.attempts.ts'

/** The web app in a real Chromium, against a real server. It is built before: `npm run test:browser`. */
// biome-ignore lint/style/noDefaultExport: vitest takes its configuration from the default export
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/browser/**/*.test.ts'],
    env: { FARLEY_TEST_DATABASE: 'sqlite' },
    pool: 'forks',
    // The files share what they import: reading it anew for each is minutes of work.
    isolate: false,
    maxWorkers: 2,
    ...attempts,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
