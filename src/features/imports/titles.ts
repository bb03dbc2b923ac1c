import { setImmediate } from 'node:timers/promises'
import { Refusal } from '../../../protocol/dav/preconditions.ts'
import type { BatchRow } from '../../../storage/batches/batches.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Services } from '../../services.ts'
import { bodyText } from '../bodies.ts'
import { findFiles } from '../transfer/find-files.ts'
import { arrivals, fieldsFor } from '../transfer/import.ts'
import { findTargets } from '../transfer/targets.ts'
import { TransferError } from '../transfer/transfer-error.ts'
import { summaryOf } from '../trash/summary.ts'
import { withFile } from './columns.ts'
import { optionsOf } from './uploads.ts'

/** Of items after these a file is not read again for what they are called. */
const mostTitled = 5_000

/** Between so many items others have their turn. */
const turn = 200

/**
 * What items of a file that was sent are called in it, by their numbers: what was only tried is nowhere else. None where the
 * file is no longer kept, or cannot be read as it was.
 */
export async function titlesOf(
  services: Services,
  account: PrincipalRow,
  batch: BatchRow,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const wanted = new Set(numbers.filter((number) => number <= mostTitled))
  if (wanted.size === 0) return new Map()
  try {
    return await readTitles(services, account, batch, wanted)
  } catch (error) {
    if (error instanceof Refusal || error instanceof TransferError) return new Map()
    throw error
  }
}

async function readTitles(
  services: Services,
  account: PrincipalRow,
  batch: BatchRow,
  wanted: ReadonlySet<number>,
): Promise<ReadonlyMap<number, string>> {
  const options = optionsOf(batch)
  const targets = await services.store.read((reader) => findTargets(reader, account.id, options.into))
  const fields = await fieldsFor(services, account, targets, options.newFields)
  const last = Math.max(...wanted)
  return withFile(services, batch, async (path) => {
    const found = new Map<number, string>()
    let number = 0
    for (const item of arrivals(services, findFiles([path]), targets, { ...options, fields })) {
      number += 1
      if (number % turn === 0) await setImmediate()
      const title =
        wanted.has(number) && 'object' in item
          ? summaryOf(bodyText(item.object.body), item.object.component)
          : ''
      if (title !== '') found.set(number, title)
      if (number >= last) break
    }
    return found
  })
}
