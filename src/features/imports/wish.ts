import type { z } from 'zod'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { type BatchRow, stopBatch } from '../../../storage/batches/batches.ts'
import { findWish, keepWish, meetingsOf, setWaiting } from '../../../storage/batches/waiting.ts'
import { findBlob } from '../../../storage/blobs/blob-rows.ts'
import type { BatchId } from '../../../storage/ids.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { choicesIn, type OnMatch, onMatches } from '../transfer/import-outcome.ts'
import { readColumns } from '../transfer/read/given-columns.ts'
import type { importWish, wishChange } from './schema.ts'
import { optionsOf, type UploadOptions, uploadOf } from './uploads.ts'

type Shown = z.infer<typeof importWish>
type WishChange = z.infer<typeof wishChange>

/** What is wished of an import that was tried, as it is kept: what nobody has said is not in it. */
interface KeptWish extends Pick<WishChange, 'match' | 'onMatch' | 'into' | 'labels'> {
  readonly columns?: Shown['columns']
  /** By the numbers of items; without it those that it was tried with. */
  readonly each?: Readonly<Record<string, OnMatch>>
}

/** So many items can be chosen one by one, and so many columns be said. */
const mostChosen = 20_000
const mostColumns = 500

/**
 * What is to become of an import that was tried: as it was tried, but for what was wished since.
 * @throws refusal 404 for one that was not only tried
 */
export async function wishOf(reader: Reader, batch: BatchRow): Promise<Shown> {
  if (batch.trial !== 1) throw refuseStatus(404, 'There is nothing at this address.')
  const { keys, onMatch, into, labels } = optionsOf(batch)
  const wish = await keptWish(reader, batch.id)
  const each = new Map(Object.entries(wish.each ?? eachOf(batch)).map(([at, way]) => [Number(at), way]))
  const met = each.size === 0 ? [] : await meetingsOf(reader, batch.id)
  return {
    waits: batch.blobId !== null,
    match: wish.match ?? [...keys],
    onMatch: wish.onMatch ?? onMatch,
    into: wish.into === undefined ? (into ?? null) : wish.into,
    labels: wish.labels ?? [...labels],
    columns: wish.columns ?? {},
    choices: met.flatMap(({ number, meets, outcome }) => {
      const way = each.get(number)
      return way === undefined ? [] : [{ number, way, meets, outcome }]
    }),
  }
}

/** Keeps what somebody has said, beside what was said before. @throws refusal 404, 409, 422 */
export async function changeWish(tx: Writer, batch: BatchRow, change: WishChange): Promise<void> {
  if (batch.trial !== 1) throw refuseStatus(404, 'There is nothing at this address.')
  const { waits, columns, choices, ...said } = change
  const before = await keptWish(tx, batch.id)
  const each = choices && put(choices.forget ? {} : (before.each ?? eachOf(batch)), choices.each, mostChosen)
  const mapped = columns && put(before.columns ?? {}, columns, mostColumns)
  if (mapped) readColumns(mapped)
  const wish: KeptWish = { ...before, ...said, ...(each && { each }), ...(mapped && { columns: mapped }) }
  await keepWish(tx, batch.id, JSON.stringify(wish))
  if (waits === false && batch.state === 'running') await stopBatch(tx, batch.id)
  if (waits !== undefined) await setWaiting(tx, batch.id, waits ? await fileOf(tx, batch) : null)
}

/** What is asked of an import as it is wished, where nothing else is said. */
export async function wishedOptions(reader: Reader, batch: BatchRow): Promise<UploadOptions> {
  const { match, onMatch, into, labels, columns, each } = await keptWish(reader, batch.id)
  const options = optionsOf(batch)
  return {
    ...options,
    ...(match && { keys: match }),
    ...(onMatch && { onMatch }),
    ...(into !== undefined && { into: into ?? undefined }),
    ...(labels && { labels }),
    ...(columns && withColumns(options, columns)),
    ...(each && { choices: byWay(each) }),
  }
}

/** Columns as they were tried, but for those that were said since. */
function withColumns(tried: UploadOptions, said: Shown['columns']) {
  const read = readColumns(said, tried.newFields.length)
  const columns = { ...tried.columns, ...read.columns }
  const named = new Set(Object.values(columns))
  const newFields = [...tried.newFields, ...read.newFields].filter(({ key }) => named.has(`field:${key}`))
  return { columns, newFields }
}

async function keptWish(reader: Reader, id: BatchId): Promise<KeptWish> {
  return JSON.parse((await findWish(reader, id)) ?? '{}') as KeptWish
}

function eachOf(batch: BatchRow): Record<string, OnMatch> {
  return Object.fromEntries(choicesIn(optionsOf(batch).choices))
}

function byWay(each: Readonly<Record<string, OnMatch>>): UploadOptions['choices'] {
  const all = Object.entries(each)
  const numbers = (wanted: OnMatch) => all.flatMap(([at, way]) => (way === wanted ? [Number(at)] : []))
  return Object.fromEntries(onMatches.map((way) => [way, numbers(way)]))
}

/** @param said  null takes out what is there @throws refusal 422 for more than there may be */
function put<T>(
  before: Readonly<Record<string, T>>,
  said: Readonly<Record<string, T | null>>,
  most: number,
): Record<string, T> {
  const all = Object.entries({ ...before, ...said })
  const next = all.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]))
  if (next.length > most) throw refuseStatus(422, `So many can be chosen one by one: ${most}.`)
  return Object.fromEntries(next)
}

/** @throws refusal 409 when it is no longer kept */
async function fileOf(reader: Reader, batch: BatchRow) {
  const upload = uploadOf(batch)
  const blob = upload && (await findBlob(reader, upload.blobId))
  if (!upload || blob?.hash !== upload.hash)
    throw refuseStatus(409, 'The file is no longer kept: send it again.')
  return blob.id
}
