import type { CollectionRow } from '../../../../storage/collections.ts'
import { findObjectById, findObjectsByNames } from '../../../../storage/objects.ts'
import { type KeptState, replaceHistory } from '../../../../storage/restored/history.ts'
import type { Writer } from '../../../../storage/store.ts'
import { deleteObject, putObject } from '../../../../storage/write-path.ts'
import { etagOf } from '../../bodies.ts'
import { type PreparedObject, prepareCopy } from '../../objects.ts'
import { type HistoryRecord, historyRecord, type StateRecord } from '../format.ts'
import { readRecords } from '../read/archive-source.ts'
import { octetsOf } from './restore-collection.ts'
import { authorOf, deadKey, hasFile, origin, type Restoring } from './staged.ts'

const batchObjects = 50

/**
 * Puts what was deleted from a collection into the trash again, with the states it had; before its members come, which may
 * have the same names.
 */
export async function restoreTrash(run: Restoring, restored: CollectionRow, folder: string): Promise<void> {
  // Lists of people may come with one of them.
  const row = { ...restored, listsSince: undefined }
  await eachBatch(
    run,
    restored,
    folder,
    ({ member }) => member === undefined,
    async (tx, one) => {
      const last = one.states.at(-1)
      const present = last?.key === undefined ? undefined : one.prepared.get(last.key)
      if (last?.kind !== 'deleted' || !present) return false
      const put = { ...present, collection: row, name: last.name, size: present.body.byteLength, origin }
      const { objectId } = await putObject(tx, { ...put, existing: undefined })
      const made = await findObjectById(tx, objectId)
      if (!made) return false
      const { change } = await deleteObject(tx, row, made, origin)
      await replaceHistory(tx, { ...made, principalId: row.principalId, change }, one.states, one.prepared)
      run.places.dead.set(deadKey(folder, one.nth), objectId)
      return true
    },
  )
}

/** Gives the members of a collection the states they had. */
export async function restoreStates(run: Restoring, row: CollectionRow, folder: string): Promise<void> {
  await eachBatch(
    run,
    row,
    folder,
    ({ member }) => member !== undefined,
    async (tx, one) => {
      const [made] = await findObjectsByNames(tx, row.id, [one.record.member ?? ''])
      const last = one.states.at(-1)
      if (!made || !last || last.kind === 'deleted' || last.name !== made.name || last.etag !== made.etag)
        return false
      await replaceHistory(tx, { ...made, principalId: row.principalId }, one.states, one.prepared)
      return true
    },
  )
}

/** The history of an object, ready to be stored. */
interface ReadyHistory {
  /** Which one of those of its file that are wanted. */
  readonly nth: number
  readonly record: HistoryRecord
  readonly states: readonly KeptState[]
  readonly prepared: ReadonlyMap<string, PreparedObject>
}

/** @param store  false where the history does not fit the object, which is said */
async function eachBatch(
  run: Restoring,
  row: CollectionRow,
  folder: string,
  isWanted: (record: HistoryRecord) => boolean,
  store: (tx: Writer, one: ReadyHistory) => Promise<boolean>,
): Promise<void> {
  const path = `${folder}/history.jsonl`
  if (!(await hasFile(run, path))) return
  let nth = 0
  let batch: ReadyHistory[] = []
  const write = async (): Promise<void> => {
    const unfit = await run.services.store.write(async (tx) => {
      const left: ReadyHistory[] = []
      for (const one of batch) if (!(await store(tx, one))) left.push(one)
      return left
    })
    for (const { record } of unfit)
      run.leftOut(path, `the history of ${record.member ?? record.states[0]?.name}`)
    batch = []
  }
  for await (const record of readRecords(run.source, path, historyRecord)) {
    if (!isWanted(record)) continue
    nth += 1
    if (row.kind === 'addressbook' && record.states.some(({ uid }) => run.isErased(uid))) continue
    batch.push({ ...(await readyHistory(run, row, folder, record)), nth })
    if (batch.length >= batchObjects) await write()
  }
  if (batch.length > 0) await write()
}

async function readyHistory(
  run: Restoring,
  { kind }: CollectionRow,
  folder: string,
  record: HistoryRecord,
): Promise<Omit<ReadyHistory, 'nth'>> {
  const { settings, now } = run.services
  const prepared = new Map<string, PreparedObject>()
  for (const { file, ...state } of record.states) {
    if (file === null || prepared.has(file)) continue
    const body = await octetsOf(run, `${folder}/${file}`)
    const known = { ...state, mediaType: null, version: null }
    if (body) prepared.set(file, prepareCopy(kind, { ...known, body, etag: etagOf(body) }, settings, now()))
  }
  return { record, prepared, states: record.states.map((state) => keptState(run, state, prepared)) }
}

function keptState(
  run: Restoring,
  { file, isPresent, author, ...state }: StateRecord,
  prepared: ReadonlyMap<string, PreparedObject>,
): KeptState {
  const key = isPresent ? 'present' : file !== null && prepared.has(file) ? file : undefined
  return { ...state, authorId: authorOf(run, author), key }
}
