import { addFactEvent } from '../../../storage/events.ts'
import { findObjectsByIds } from '../../../storage/objects.ts'
import { changeParty } from '../../../storage/people/parties.ts'
import type { Writer } from '../../../storage/store.ts'
import { addActivity, findActivity } from '../../../storage/timeline/activities.ts'
import { type CadenceRow, cadencesOfTasks, changeCadence } from '../../../storage/timeline/cadences.ts'
import type { Follower } from '../people/follower.ts'
import { indexNote } from '../search/note-document.ts'
import { readObjectTexts } from '../texts.ts'
import { summarizeEvent } from '../timeline/event-summary.ts'
import { completedAt } from './task-text.ts'

/** A to-do of a cadence that was done, with whatever device, is a touch; one that was thrown away puts the next off. */
export const followTasks: Follower = async (tx, { tasks }) => {
  if (tasks.length === 0) return
  const touched = new Map(tasks.map((task) => [task.objectId, task]))
  const cadences = await cadencesOfTasks(tx, [...touched.keys()])
  if (cadences.length === 0) return
  const rows = await findObjectsByIds(
    tx,
    cadences.flatMap(({ taskId }) => taskId ?? []),
  )
  const texts = await readObjectTexts(tx, rows)
  for (const cadence of cadences) {
    const task = touched.get(cadence.taskId ?? 0)
    // What the server itself has completed tells of a contact that is written down already.
    if (!task || task.origin.kind === 'job') continue
    const text = texts.get(task.objectId)
    const done = text === undefined ? undefined : completedAt(text, tx.now)
    if (task.kind === 'removed')
      await changeCadence(tx, { ...cadence, beganAt: tx.now, taskId: null, taskAt: null })
    else if (done !== undefined && text !== undefined) await logTouch(tx, cadence, { at: done, text })
  }
}

async function logTouch(
  tx: Writer,
  cadence: CadenceRow,
  { at, text }: { readonly at: number; readonly text: string },
): Promise<void> {
  const { partyId, principalId, taskId } = cadence
  const said = summarizeEvent(text)?.summary ?? ''
  const touch = {
    kind: 'touch',
    at,
    authorId: principalId,
    visibility: 'public',
    teamId: null,
    html: '',
    text: said,
    direction: null,
    outcome: null,
    minutes: null,
    pinnedAt: null,
    objectId: taskId,
  } as const
  const id = await addActivity(tx, touch, { parties: [partyId], mentions: [] })
  const row = await findActivity(tx, id)
  if (row) await indexNote(tx, row, [partyId])
  await changeParty(tx, partyId)
  const event = { kind: 'activity-added', parties: [partyId], about: { kind: 'activity', id } }
  await addFactEvent(tx, event, { kind: 'job' })
  await changeCadence(tx, { ...cadence, taskId: null, taskAt: null })
}
