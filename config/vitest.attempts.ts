import { fileURLToPath } from 'node:url'

/**
 * How often a test that failed is tried again: never, unless FARLEY_TEST_RETRIES says so, as CI does. What passed only
 * then is told at the end of the run.
 */
export const attempts = {
  retry: Number(process.env.FARLEY_TEST_RETRIES ?? 0),
  reporters: ['default', fileURLToPath(new URL('../test/second-attempts.ts', import.meta.url))],
}
