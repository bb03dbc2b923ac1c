import { setTimeout as wait } from 'node:timers/promises'
import { adoptBlob, forgetBlob, knownHashes, unusedBlobs } from '../../storage/blobs/blob-rows.ts'
import type { BlobId } from '../../storage/ids.ts'
import type { Services } from '../services.ts'
import type { Job } from './runner.ts'

const hourMs = 3_600_000
const batch = 500
/** So that writes of clients come between the batches. */
const pauseMs = 20

/**
 * Takes away octets that nothing refers to any more, after a time of grace; what a killed process was taking in; and,
 * one part of the store a time, makes known what no row knows of, which an older database put back leaves behind.
 */
export const sweepBlobs: Job = {
  kind: 'sweep-blobs',
  everyMs: hourMs,
  async run(services, signal) {
    const { blobs, settings, now } = services
    const before = now() - settings.blobs.graceHours * hourMs
    await blobs.sweepStagings(before)
    await sweepUnused(services, before, signal)
    await adoptUnknown(services, prefixAt(now()), signal)
    return undefined
  },
}

async function sweepUnused(
  { store, blobs, log }: Services,
  before: number,
  signal: AbortSignal,
): Promise<void> {
  let after: BlobId | undefined = 0
  while (after !== undefined && !signal.aborted) {
    const from: BlobId = after
    const { unused, next } = await store.read((reader) => unusedBlobs(reader, { after: from, before, batch }))
    for (const { id, hash, size } of unused) {
      if (signal.aborted) return
      // Within the write: who claims the same hash waits for it, and puts its octets in place anew.
      const isGone = await store.write(async (tx) => {
        const isForgotten = await forgetBlob(tx, id, before)
        if (isForgotten) await blobs.remove(hash)
        return isForgotten
      })
      if (isGone) log.debug({ hash, size }, 'swept a blob')
    }
    after = next
    await wait(pauseMs)
  }
}

/** Octets without a row are given one: if nothing refers to it, they are swept when their time is over. */
async function adoptUnknown({ store, blobs }: Services, prefix: string, signal: AbortSignal): Promise<void> {
  let hashes: string[] = []
  const adopt = async (): Promise<void> => {
    const known = await store.read((reader) => knownHashes(reader, hashes))
    const unknown = hashes.filter((hash) => !known.has(hash))
    hashes = []
    if (unknown.length === 0) return
    await store.write(async (tx) => {
      for (const hash of unknown) await adoptBlob(tx, hash)
    })
  }
  for await (const hash of blobs.list(prefix)) {
    if (signal.aborted) return
    hashes.push(hash)
    if (hashes.length >= batch) await adopt()
  }
  await adopt()
}

/** Another 256th of the store every hour. */
function prefixAt(now: number): string {
  return (Math.floor(now / hourMs) % 256).toString(16).padStart(2, '0')
}
