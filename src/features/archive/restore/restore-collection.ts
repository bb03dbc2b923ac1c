import { createCollection, deleteCollection } from '../../../../storage/collection-writes.ts'
import type { CollectionRow } from '../../../../storage/collections.ts'
import type { HomeId } from '../../../../storage/ids.ts'
import { putObject } from '../../../../storage/write-path.ts'
import { type PreparedObject, prepareCopy } from '../../objects.ts'
import { TransferError } from '../../transfer/transfer-error.ts'
import { type CollectionRecord, collectionRecord, type MemberRecord, memberRecord } from '../format.ts'
import { readRecord, readRecords, readWhole } from '../read/archive-source.ts'
import { restoreStates, restoreTrash } from './restore-history.ts'
import { restoreLooks } from './restore-looks.ts'
import { origin, type Restoring, type Staged, setProperties } from './staged.ts'

/** Members of one write at most, so that others can write in between. */
const batchMembers = 200
const batchBytes = 4_194_304
/** Octets of a member at most: nothing that was stored is as long. */
const mostMemberBytes = 268_435_456

/**
 * Makes a collection as it was, with its members; who may see it is said later.
 * @param deletedAt  for one that was in the trash, and goes there again
 * @throws TransferError
 */
export async function restoreCollection(
  run: Restoring,
  staged: Staged,
  homeId: HomeId,
  folder: string,
  deletedAt?: number,
): Promise<void> {
  const path = `${folder}/collection.json`
  const record = await readRecord(run.source, path, collectionRecord)
  const row = await run.services.store.write(async (tx) => {
    const made = await createCollection(tx, homeId, columnsOf(record), origin)
    await setProperties(tx, { kind: 'collection', id: made.id }, record.properties)
    return made
  })
  run.places.books.set(folder, row.id)
  if (deletedAt === undefined) staged.collections.push({ row, record })
  await restoreTrash(run, row, folder)
  for await (const batch of batches(run, row, folder)) {
    await run.services.store.write(async (tx) => {
      for (const { member, object } of batch) {
        const { name, createdAt, modifiedAt, scheduleTag, madeAsList: made } = member
        const put = {
          ...object,
          name,
          size: object.body.byteLength,
          createdAt,
          modifiedAt,
          scheduleTag,
          made,
        }
        // Lists may have come with a member before.
        const collection = { ...row, listsSince: undefined }
        const { objectId } = await putObject(tx, { ...put, collection, origin, existing: undefined })
        await setProperties(tx, { kind: 'object', id: objectId }, member.properties)
      }
    })
    staged.objects += batch.length
    for (const _ of batch) run.counted()
  }
  await restoreStates(run, row, folder)
  await restoreLooks(run, row, folder)
  if (deletedAt !== undefined)
    await run.services.store.write((tx) => deleteCollection({ ...tx, now: deletedAt }, row, origin))
}

function columnsOf({ components, generated, ...record }: CollectionRecord) {
  const number = (value: boolean): number => (value ? 1 : 0)
  return {
    ...record,
    components: components?.join(',') ?? null,
    generated: generated?.kind,
    transparent: number(record.transparent),
    subscribed: number(record.subscribed),
    stripAlarms: number(record.stripAlarms),
    stripAttachments: number(record.stripAttachments),
    stripTodos: number(record.stripTodos),
  }
}

interface ReadyMember {
  readonly member: MemberRecord
  readonly object: PreparedObject
}

async function* batches(
  run: Restoring,
  { kind }: CollectionRow,
  folder: string,
): AsyncGenerator<readonly ReadyMember[]> {
  const { settings, now } = run.services
  let batch: ReadyMember[] = []
  let bytes = 0
  for await (const member of readRecords(run.source, `${folder}/members.jsonl`, memberRecord)) {
    if (kind === 'addressbook' && run.isErased(member.uid)) {
      run.leftOut(`${folder}/${member.file}`, 'Whoever it describes was erased here.')
      continue
    }
    const body = await octetsOf(run, `${folder}/${member.file}`)
    if (!body) continue
    batch.push({ member, object: prepareCopy(kind, { ...member, body }, settings, now()) })
    bytes += body.length
    if (batch.length < batchMembers && bytes < batchBytes) continue
    yield batch
    batch = []
    bytes = 0
  }
  if (batch.length > 0) yield batch
}

/** Undefined for a file that is missing, which is said. */
export async function octetsOf(run: Restoring, path: string): Promise<Buffer | undefined> {
  try {
    return await readWhole(run.source, path, mostMemberBytes)
  } catch (error) {
    if (!(error instanceof TransferError) || !run.broken.has(path)) throw error
    run.leftOut(path, error.message)
    return undefined
  }
}
