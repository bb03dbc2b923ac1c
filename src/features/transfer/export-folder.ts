import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CollectionRow, isGenerated, listCollections } from '../../../storage/collections.ts'
import { type DeadProperty, deadProperties, targetKey } from '../../../storage/dead-properties.ts'
import { listHomes } from '../../../storage/homes.ts'
import type { HomeId } from '../../../storage/ids.ts'
import { homeTotals } from '../../../storage/nodes/nodes.ts'
import { countObjects, listObjectsWithBodies, type ObjectWithBody } from '../../../storage/objects.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Reader, Store } from '../../../storage/store.ts'
import type { Services } from '../../services.ts'
import { exportFiles, type LeftOut } from './export-files.ts'
import { endingOf, fileNamer } from './names.ts'
import { TransferError } from './transfer-error.ts'

/** A folder that was written: a collection, or the documents. */
export interface Exported {
  readonly kind: 'exported'
  readonly folder: string
  /** Objects; folders and files. */
  readonly count: number
}

/**
 * Writes all that an account or a group has into a folder: a folder for each collection, in it a file for each object with
 * the octets as they are stored, and a `collection.json` with everything else; a folder with the documents, where there
 * are any. The trash stays behind.
 * @param onProgress  told now and then how much has been written
 * @throws TransferError when the folder holds something already
 */
export async function* exportAccount(
  services: Pick<Services, 'store' | 'blobs'>,
  account: PrincipalRow,
  folder: string,
  onProgress: (written: number, total: number) => void = () => {},
): AsyncGenerator<Exported | LeftOut> {
  const { store } = services
  await makeEmptyFolder(folder)
  const { collections, files, total } = await store.read((reader) => holdings(reader, account))
  const folderOf = fileNamer()
  let written = 0
  const counted = (): void => onProgress((written += 1), Math.max(total, written))
  for (const collection of collections) {
    const path = join(folder, folderOf(collection.name))
    yield { kind: 'exported', folder: path, count: await exportOne(store, collection, path, counted) }
  }
  const before = written
  for (const homeId of files) {
    const path = join(folder, folderOf('files'))
    yield* exportFiles(services, homeId, path, counted)
    yield { kind: 'exported', folder: path, count: written - before }
  }
}

/** A folder that is there and empty will do. */
async function makeEmptyFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if ((await readdir(folder)).length > 0) {
    throw new TransferError(`The folder ${folder} is not empty: name another one with --to.`)
  }
}

interface Holdings {
  readonly collections: readonly CollectionRow[]
  /** The home of the documents, where there are any. */
  readonly files: readonly HomeId[]
  readonly total: number
}

async function holdings(reader: Reader, { id }: PrincipalRow): Promise<Holdings> {
  const collections: CollectionRow[] = []
  const files: HomeId[] = []
  let total = 0
  for (const home of await listHomes(reader, id)) {
    const all = home.kind === 'files' ? [] : await listCollections(reader, home.id)
    // What is made from something else is made again.
    collections.push(...all.filter((row) => !isGenerated(row)))
    const nodes = home.kind === 'files' ? (await homeTotals(reader, home.id)).nodes : 0
    if (nodes > 0) files.push(home.id)
    total += nodes
  }
  for (const collection of collections) total += await countObjects(reader, collection.id)
  return { collections, files, total }
}

async function exportOne(
  store: Store,
  collection: CollectionRow,
  folder: string,
  counted: () => void,
): Promise<number> {
  await mkdir(folder, { mode: 0o700 })
  const fileOf = fileNamer(endingOf(collection.kind))
  const members: Record<string, Member> = {}
  let objects = 0
  for await (const page of listObjectsWithBodies(store, collection.id)) {
    const properties = await store.read((reader) => deadProperties(reader, page.map(targetOf)))
    for (const object of page) {
      const file = fileOf(object.name)
      await writeFile(join(folder, file), object.body, { mode: 0o600, flag: 'wx' })
      const member = memberOf(object, file, properties.get(targetKey(targetOf(object))))
      if (member) members[file] = member
      objects += 1
      counted()
    }
  }
  const described = await describe(store, collection, members)
  await writeFile(join(folder, 'collection.json'), described, { mode: 0o600, flag: 'wx' })
  return objects
}

/** What the file of an object cannot say itself. */
interface Member {
  readonly name?: string
  readonly properties?: readonly DeadProperty[]
}

const targetOf = ({ id }: ObjectWithBody) => ({ kind: 'object', id }) as const

function memberOf(
  { name }: ObjectWithBody,
  file: string,
  properties: readonly DeadProperty[] | undefined,
): Member | undefined {
  if (name === file && !properties) return undefined
  return { ...(name === file ? {} : { name }), ...(properties ? { properties } : {}) }
}

async function describe(
  store: Store,
  collection: CollectionRow,
  members: Readonly<Record<string, Member>>,
): Promise<string> {
  const target = { kind: 'collection', id: collection.id } as const
  const found = await store.read((reader) => deadProperties(reader, [target]))
  const { kind, name, displayname, description, color, sortOrder, timezone, timezoneId } = collection
  const { resourceId, components, transparent, isDefault } = collection
  const described = {
    kind,
    name,
    displayname,
    description,
    color,
    sortOrder,
    components: components?.split(',') ?? null,
    timezone,
    timezoneId,
    transparent: transparent === 1,
    isDefault: isDefault === 1,
    resourceId,
    properties: found.get(targetKey(target)) ?? [],
    members,
  }
  return `${JSON.stringify(described, undefined, 2)}\n`
}
