import type { CadenceId } from '../../storage/ids.ts'
import { listCadences } from '../../storage/timeline/cadences.ts'
import { cadenceJob, remind } from '../features/cadence/cadence.ts'
import type { Job } from './runner.ts'

const batch = 200

/** Reminds people of those with whom they want to keep in touch, by to-dos that their devices show. */
export const keepInTouch: Job = {
  kind: cadenceJob,
  everyMs: 3_600_000,
  async run(services, signal) {
    const { store } = services
    for (let after: CadenceId | undefined = 0; after !== undefined && !signal.aborted; ) {
      const from: CadenceId = after
      const rows = await store.read((reader) => listCadences(reader, { after: from, limit: batch }))
      for (const row of rows) {
        if (signal.aborted) break
        await store.write((tx) => remind(tx, row, services))
      }
      after = rows.length < batch ? undefined : rows.at(-1)?.id
    }
    return undefined
  },
}
