import { listHomes } from '../../../../storage/homes.ts'
import type { PrincipalId } from '../../../../storage/ids.ts'
import { createHome, createPrincipal, insertPrincipal, stagedPrefix } from '../../../../storage/principals.ts'
import { removePrincipal } from '../../../../storage/purge.ts'
import { listLeftBehind } from '../../../../storage/restored/staged.ts'
import type { Writer } from '../../../../storage/store.ts'
import { TransferError } from '../../transfer/transfer-error.ts'
import { type PrincipalRecord, trashRecord } from '../format.ts'
import { readRecords } from '../read/archive-source.ts'
import { restoreCollection } from './restore-collection.ts'
import { restoreFiles } from './restore-files.ts'
import { hasFile, keyOfWho, type Restoring, type Staged, setProperties } from './staged.ts'

/** No run takes as long: what is older was left behind by one that was killed. */
const longestMs = 86_400_000

/**
 * Makes a principal under a name that nobody can use: it is not there for anybody until it is published. One that a run has
 * left behind that was broken off is taken away first.
 */
export async function stagePrincipal(run: Restoring, record: PrincipalRecord): Promise<void> {
  const { store, newId } = run.services
  await unstageAccount(run.services, record.name)
  run.people.set(keyOfWho(record), await store.write((tx) => makePrincipal(tx, record, newId())))
}

/** Fills one that was made with all that it has, in short writes. @throws TransferError */
export async function stageAccount(run: Restoring, folder: string, record: PrincipalRecord): Promise<Staged> {
  const id = run.people.get(keyOfWho(record))
  if (id === undefined) throw new Error('The principal was not made.')
  const { store } = run.services
  const homes = await store.read((reader) => listHomes(reader, id))
  const staged: Staged = {
    folder,
    record,
    id,
    homes: new Map(homes.map((home) => [home.kind, home.id])),
    collections: [],
    nodes: [],
    objects: 0,
    documents: 0,
  }
  await restoreDeleted(run, staged)
  for (const { kind, properties, collections } of record.homes) {
    const home = homes.find((one) => one.kind === kind)
    if (!home) throw new TransferError(`${folder} has a home for ${kind} that its kind has not.`)
    await store.write((tx) => setProperties(tx, { kind: 'home', id: home.id }, properties))
    for (const one of collections)
      await whole(run, `${folder}/${one}`, (at) => restoreCollection(run, staged, home.id, at))
    const isDescribed = kind === 'files' && (await hasFile(run, `${folder}/files.jsonl`))
    if (isDescribed) await whole(run, `${folder}/files`, (at) => restoreFiles(run, staged, home, at))
  }
  return staged
}

/** Collections that were in the trash; before the living ones, which may have the same names. */
async function restoreDeleted(run: Restoring, staged: Staged): Promise<void> {
  const path = `${staged.folder}/trash.jsonl`
  if (!(await hasFile(run, path))) return
  for await (const { home, folder, deletedAt } of readRecords(run.source, path, trashRecord)) {
    const homeId = staged.homes.get(home)
    if (homeId === undefined) throw new TransferError(`${path} has a home for ${home} that its kind has not.`)
    await restoreCollection(run, staged, homeId, `${staged.folder}/${folder}`, deletedAt)
  }
}

/** Takes away what a run has left behind; nothing where there is none. */
export async function unstageAccount({ store }: Restoring['services'], name: string): Promise<void> {
  await store.write(async (tx) => {
    for (const id of await listLeftBehind(tx, { name, before: tx.now - longestMs }))
      await removePrincipal(tx, id, { keepSegment: false })
  })
}

async function makePrincipal(tx: Writer, record: PrincipalRecord, newId: string): Promise<PrincipalId> {
  const { kind, name, displayName } = record
  const seed = { kind, name: stagedPrefix + name, segment: `restoring-${newId}`, displayName }
  const id = kind === 'user' ? (await createPrincipal(tx, seed)).id : await insertPrincipal(tx, seed)
  if (kind !== 'user') for (const home of record.homes) await createHome(tx, id, home.kind)
  await setProperties(tx, { kind: 'principal', id }, record.properties)
  return id
}

/** Goes on without a folder whose description is broken, where that is known and wanted. */
async function whole(run: Restoring, at: string, restore: (at: string) => Promise<void>): Promise<void> {
  try {
    await restore(at)
  } catch (error) {
    const isKnown = [`${at}/collection.json`, `${at}/members.jsonl`, `${at}.jsonl`].some((path) =>
      run.broken.has(path),
    )
    if (!(error instanceof TransferError) || !isKnown) throw error
    run.leftOut(at, `${error.message} Its .vcf and .ics files can be imported (farley import).`)
  }
}
