import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { attempts } from './vitest.attempts.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Tests that need a database run twice, once on SQLite and once on a real PostgreSQL that
 * test/postgres.ts starts; the tests of pure code run once.
 */
const onBothDatabases = ['api', 'storage', 'dav', 'features', 'jobs'].map(
  (folder) => `test/${folder}/**/*.test.ts`,
)
const once = [
  'test/protocol/**/*.test.ts',
  'test/config/**/*.test.ts',
  'test/outbound/**/*.test.ts',
  'test/web/**/*.test.ts',
]

export default defineConfig({
  root,
  test: {
    pool: 'forks',
    // The files of a worker share what they import: reading it anew would be half of the work.
    isolate: false,
    maxWorkers: 2,
    ...attempts,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'protocol', include: once } },
      {
        extends: true,
        test: { name: 'sqlite', include: onBothDatabases, env: { FARLEY_TEST_DATABASE: 'sqlite' } },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: onBothDatabases,
          env: { FARLEY_TEST_DATABASE: 'postgres' },
          globalSetup: ['test/postgres.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'programs',
          include: ['test/durability/**/*.test.ts', 'test/cli/**/*.test.ts'],
          globalSetup: ['test/compiled-program.ts'],
        },
      },
      { extends: true, test: { name: 'architecture', include: ['test/architecture.test.ts'] } },
    ],
  },
})
