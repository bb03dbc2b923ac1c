import { setTimeout as wait } from 'node:timers/promises'
import { type ObjectToExtend, objectsToExtend } from '../../storage/calendar-index.ts'
import { findObjectById, readBody } from '../../storage/objects.ts'
import { replaceIndex } from '../../storage/write-path.ts'
import { bodyText } from '../features/bodies.ts'
import { indexEventObject, indexWindow } from '../features/calendars/calendar-object.ts'
import type { Job } from './runner.ts'

const batch = 200
const pauseMs = 50
/** Objects are expanded anew once their window ends this much before today's. */
const slackMs = 30 * 86_400_000

/** Moves the window of the calendar index with time, for series that go on (design §4). */
export const extendIndex: Job = {
  kind: 'extend-index',
  everyMs: 24 * 3_600_000,
  async run({ store, settings, log, now }, signal) {
    const before = indexWindow(settings, now()).until - slackMs
    let last: ObjectToExtend | undefined
    while (!signal.aborted) {
      // What could not be indexed stays due, and is passed over.
      const due = await store.read((reader) => objectsToExtend(reader, before, batch, last))
      if (due.length === 0) return
      last = due.at(-1)
      await store.write(async (tx) => {
        for (const { id } of due) {
          const object = await findObjectById(tx, id)
          const body = object && (await readBody(tx, object.bodyId))
          if (!object || !body) continue
          try {
            await replaceIndex(tx, object, indexEventObject(bodyText(body), indexWindow(settings, now())))
          } catch (error) {
            log.warn({ err: error, object: id }, 'an object could not be indexed anew')
          }
        }
      })
      await wait(pauseMs)
    }
  },
}
