import { setTimeout as wait } from 'node:timers/promises'
import { purgeAnswers } from '../../storage/api/answers.ts'
import { purgePasswordLinks } from '../../storage/api/password-links.ts'
import { purgeSetupLinks } from '../../storage/api/setup-links.ts'
import { purgeSignIns } from '../../storage/api/sign-ins.ts'
import { purgeWebSessions } from '../../storage/api/web-sessions.ts'
import { purgeBatches } from '../../storage/batches/batches.ts'
import { endWaiting } from '../../storage/batches/waiting.ts'
import { purgeOutbox } from '../../storage/events/outbox.ts'
import { dropLostValues } from '../../storage/fields/value-places.ts'
import { purgeHeldEdits } from '../../storage/held/held-edits.ts'
import { purgeBursts } from '../../storage/history/bursts.ts'
import { purgeCollectionRevisions } from '../../storage/history/collection-revisions.ts'
import { purgeFactRevisions } from '../../storage/history/fact-revisions.ts'
import { purgeThingRevisions } from '../../storage/history/thing-revisions.ts'
import type { NodeId, ObjectId, PartyId } from '../../storage/ids.ts'
import { purgeWithdrawn } from '../../storage/mount-writes.ts'
import { purgeFolderLinks } from '../../storage/nodes/folder-links.ts'
import { purgeNodes } from '../../storage/nodes/node-purge.ts'
import { purgeExpired, removePrincipal } from '../../storage/purge.ts'
import { removedBefore } from '../../storage/removed/removed.ts'
import { dropLostNotes } from '../../storage/search/note-places.ts'
import { settleSearch } from '../../storage/search/settle.ts'
import { dropForsakenGrants } from '../features/grants/grants.ts'
import { sessionTimes } from '../features/sessions/sessions.ts'
import type { Services } from '../services.ts'
import type { Job } from './runner.ts'

const dayMs = 86_400_000
const keepRevisions = 10
/** The file of an import that was tried is kept for it so long. */
const waitingDays = 14
/** Whoever reads an object and then its octets has both long since. */
const stepsMs = 3_600_000
const batch = 500
/** So that writes of clients come between the batches. */
const pauseMs = 50

/** Takes away revisions, trash, removed accounts, tombstones, events, notifications, locks, batches, held edits and kept answers that have outlived their time (law 4). */
export const purge: Job = {
  kind: 'purge',
  everyMs: 3_600_000,
  async run(services, signal) {
    await purgeObjects(services, signal)
    await purgeFacts(services, signal)
    await purgeGrants(services)
    await purgeFiles(services, signal)
    await purgeImports(services, signal)
    await purgeHeld(services, signal)
    await purgeSent(services, signal)
    await purgeKeptAnswers(services, signal)
    await purgeSearch(services, signal)
    await purgeSessions(services, signal)
    await purgeRemoved(services, signal)
    return undefined
  },
}

/** Books of single people of whom nobody is left; and what was withdrawn from whom it was shared with. */
async function purgeGrants({ store, settings, newId, now }: Services): Promise<void> {
  await store.write((tx) => purgeWithdrawn(tx, now() - settings.retention.trashDays * dayMs, batch))
  const sharing = { settings, newId, origin: { kind: 'job', requestId: newId() } } as const
  await store.write((tx) => dropForsakenGrants(tx, sharing))
}

/** Browsers that were signed in, links for passwords, of which there are few, and who has signed in. */
async function purgeSessions({ store, settings, now }: Services, signal: AbortSignal): Promise<void> {
  await store.write(async (tx) => {
    await purgeWebSessions(tx, sessionTimes(now(), settings))
    await purgePasswordLinks(tx, now())
    await purgeSetupLinks(tx, now())
    await purgeFolderLinks(tx, now() - dayMs)
  })
  const before = now() - settings.retention.signInDays * dayMs
  while (!signal.aborted && (await store.write((tx) => purgeSignIns(tx, before, batch))) >= batch)
    await wait(pauseMs)
}

/** Accounts, groups, rooms and resources that nobody brought back, each in a write of its own; their URLs are not used again. */
async function purgeRemoved({ store, settings, log, now }: Services, signal: AbortSignal): Promise<void> {
  const before = now() - settings.retention.trashDays * dayMs
  while (!signal.aborted) {
    const removed = await store.write(async (tx) => {
      const [id] = await removedBefore(tx, before, 1)
      if (id !== undefined) await removePrincipal(tx, id, { keepSegment: true })
      return id
    })
    if (removed === undefined) return
    log.debug({ removed }, 'purged somebody who was removed')
    await wait(pauseMs)
  }
}

/** What is gone is not kept in what searches look at. */
async function purgeSearch({ store }: Services, signal: AbortSignal): Promise<void> {
  await store.write(dropLostNotes)
  await store.write(dropLostValues)
  while (!signal.aborted && (await store.write(settleSearch)) > 0) await wait(pauseMs)
}

async function purgeObjects({ store, settings, log, now }: Services, signal: AbortSignal): Promise<void> {
  const { revisionDays, trashDays, tombstoneDays, eventDays, notificationDays } = settings.retention
  const before = (days: number): number => now() - days * dayMs
  let afterObject: ObjectId | undefined
  while (!signal.aborted) {
    const counts = await store.write((tx) =>
      purgeExpired(tx, {
        revisionsBefore: before(revisionDays),
        stepsBefore: now() - stepsMs,
        keepRevisions,
        trashBefore: before(trashDays),
        tombstonesBefore: before(tombstoneDays),
        eventsBefore: before(eventDays),
        notificationsBefore: before(notificationDays),
        batch,
        afterObject,
      }),
    )
    log.debug({ counts }, 'purged a batch')
    if (!counts.more && counts.nextObject === undefined) return
    afterObject = counts.nextObject
    await wait(pauseMs)
  }
}

/** The changes of facts beside cards, and what is told of bursts, stay as long as the states of the cards. */
async function purgeFacts({ store, settings, log, now }: Services, signal: AbortSignal): Promise<void> {
  const before = now() - settings.retention.revisionDays * dayMs
  let after: PartyId = 0
  while (!signal.aborted) {
    const { removed, next } = await store.write((tx) =>
      purgeFactRevisions(tx, { before, keep: keepRevisions, batch, after }),
    )
    log.debug({ removed }, 'purged changes of facts')
    if (next === undefined) break
    after = next
    await wait(pauseMs)
  }
  await store.write((tx) => purgeBursts(tx, before, batch))
  for (const purgeSome of [purgeCollectionRevisions, purgeThingRevisions])
    for (let gone = batch; gone >= batch && !signal.aborted; )
      gone = await store.write((tx) => purgeSome(tx, { before, keep: keepRevisions, batch }))
}

async function purgeFiles({ store, settings, log, now }: Services, signal: AbortSignal): Promise<void> {
  const { revisionDays, trashDays, tombstoneDays } = settings.retention
  const before = (days: number): number => now() - days * dayMs
  let afterNode: NodeId | undefined
  while (!signal.aborted) {
    const counts = await store.write((tx) =>
      purgeNodes(tx, {
        revisionsBefore: before(revisionDays),
        keepRevisions,
        trashBefore: before(trashDays),
        tombstonesBefore: before(tombstoneDays),
        batch,
        afterNode,
      }),
    )
    log.debug({ counts }, 'purged a batch of folders and files')
    if (!counts.more && counts.nextNode === undefined) return
    afterNode = counts.nextNode
    await wait(pauseMs)
  }
}

/** What came in so long ago that its history is gone cannot be undone; what was tried waits for some days to be done. */
async function purgeImports({ store, settings, log, now }: Services, signal: AbortSignal): Promise<void> {
  await store.write((tx) => endWaiting(tx, now() - waitingDays * dayMs))
  const before = now() - settings.retention.revisionDays * dayMs
  while (!signal.aborted) {
    const count = await store.write((tx) => purgeBatches(tx, before, batch))
    log.debug({ count }, 'purged batches')
    if (count < batch) return
    await wait(pauseMs)
  }
}

async function purgeHeld({ store, settings, log, now }: Services, signal: AbortSignal): Promise<void> {
  const before = now() - settings.retention.heldEditDays * dayMs
  while (!signal.aborted) {
    const count = await store.write((tx) => purgeHeldEdits(tx, before, batch))
    log.debug({ count }, 'purged held edits')
    if (count < batch) return
    await wait(pauseMs)
  }
}

async function purgeKeptAnswers({ store, settings, log, now }: Services, signal: AbortSignal): Promise<void> {
  const before = now() - settings.retention.answerHours * 3_600_000
  while (!signal.aborted) {
    const count = await store.write((tx) => purgeAnswers(tx, before, batch))
    log.debug({ count }, 'purged kept answers')
    if (count < batch) return
    await wait(pauseMs)
  }
}

async function purgeSent({ store, settings, log, now }: Services, signal: AbortSignal): Promise<void> {
  const before = now() - settings.retention.outboxDays * dayMs
  while (!signal.aborted) {
    const count = await store.write((tx) => purgeOutbox(tx, before, batch))
    log.debug({ count }, 'purged the outbox')
    if (count < batch) return
    await wait(pauseMs)
  }
}
