import { setTimeout as wait } from 'node:timers/promises'
import { runNextJob } from '../../src/jobs/run-job.ts'
import { jobs } from '../../src/jobs/runner.ts'
import type { TestServer } from '../dav/server.ts'

const pollMs = 50

/** Does what pages have asked for, as the server does by itself, until it is disposed of. */
export function working(server: TestServer, ...kinds: readonly string[]): AsyncDisposable {
  const stop = new AbortController()
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      for (const key of await waiting(server, kinds))
        await runNextJob(server.services, jobs, stop.signal, key)
      await wait(pollMs)
    }
  }
  const running = run()
  return {
    [Symbol.asyncDispose]: () => {
      stop.abort()
      return running
    },
  }
}

async function waiting({ services }: TestServer, kinds: readonly string[]): Promise<string[]> {
  const rows = await services.store.read(({ sql }) => sql.all<{ key: string }>('SELECT key FROM jobs'))
  return rows.map(({ key }) => key).filter((key) => kinds.some((kind) => key.startsWith(`${kind}:`)))
}
