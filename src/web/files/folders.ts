import { useTranslation } from 'react-i18next'
import { ApiError, get, send } from '../client/api.ts'
import { readAll } from '../client/pages.ts'
import { tellDone, tellFailed } from '../ui/toast.tsx'
import { type FileDetails, type FileEntry, type Place, pathOf, readAgain } from './files.ts'
import { folderTarget, sendFiles } from './uploads.ts'

/** Files and folders that are taken of one that is dropped, itself among them. */
const mostTaken = 1_000
/** So many are named that could not be taken. */
const mostNamed = 5

/** Sends folders that were dropped with all that lies in them; what was sent goes into the trash by the undo of its message. */
export function useFolderSending(place: Place): (folders: readonly FileSystemDirectoryEntry[]) => void {
  const { t } = useTranslation('files')
  const sendOne = async (folder: FileSystemDirectoryEntry): Promise<void> => {
    const { name } = folder
    try {
      const found = await contentsOf(folder)
      if (!found) {
        tellDone(t('folder.tooLarge', { name, most: mostTaken }))
        return
      }
      const sent = await sendAll(place, folder, found)
      const missed = [...found.missed, ...sent.missed]
      const said = [
        t(sent.isWhole && missed.length === 0 ? 'folder.sent' : 'folder.inPart', { name }),
        ...(missed.length === 0 ? [] : [t('folder.missed', { names: namesOf(missed) })]),
      ]
      tellDone(said.join(' '), () => discard(sent))
    } catch (error) {
      tellFailed(error)
    }
  }
  return (folders) => {
    for (const folder of folders) void sendOne(folder)
  }
}

function namesOf(missed: readonly string[]): string {
  return [...missed.slice(0, mostNamed), ...(missed.length > mostNamed ? ['…'] : [])].join(', ')
}

interface Contents {
  /** Each folder comes before what lies in it. */
  readonly entries: readonly FileSystemEntry[]
  /** Names of the folders that cannot be read to their end. */
  readonly missed: readonly string[]
}

/** A folder, what lies in it, and so on; undefined where it is too much. */
async function contentsOf(folder: FileSystemDirectoryEntry): Promise<Contents | undefined> {
  const entries: FileSystemEntry[] = [folder]
  const missed: string[] = []
  // It grows while it is gone through.
  for (const entry of entries) {
    try {
      if (isFolder(entry)) entries.push(...(await entriesIn(entry)))
    } catch {
      missed.push(entry.name)
    }
    if (entries.length > mostTaken) return undefined
  }
  return { entries, missed }
}

interface Sent {
  /** As it is here now. */
  readonly top: FileEntry
  /** The folders that were made, by their ids, each with the names of the files that were put into it. */
  readonly made: ReadonlyMap<number, Set<string>>
  readonly isWhole: boolean
  /** Names of what could not be made or read. */
  readonly missed: readonly string[]
}

/** @returns once all of its files were sent or refused @throws ApiError where not even the folder itself is made */
async function sendAll(place: Place, folder: FileSystemEntry, { entries }: Contents): Promise<Sent> {
  const top = await makeFolder(place, folder.name)
  const ids = new Map([[folder.fullPath, top.id]])
  const made = new Map([[top.id, new Set<string>()]])
  const missed: string[] = []
  await readAgain()
  const sending: Promise<boolean>[] = []
  const take = async (entry: FileSystemEntry, into: Place): Promise<void> => {
    if (isFolder(entry)) {
      const { id } = await makeFolder(into, entry.name)
      ids.set(entry.fullPath, id)
      made.set(id, new Set())
    } else if (isFile(entry)) {
      const isSent = sendFiles(folderTarget(into), [await fileOf(entry)])
      sending.push(isSent)
      void isSent.then((is) => is && made.get(into.id)?.add(entry.name.normalize()))
    }
  }
  for (const entry of entries.slice(1)) {
    const id = ids.get(entry.fullPath.slice(0, entry.fullPath.lastIndexOf('/')))
    // What lies in a folder that could not be made is missed with it.
    if (id !== undefined)
      await take(entry, { kind: 'folder', id }).catch((error: unknown) => {
        if (missed.length === 0 && error instanceof ApiError) tellFailed(error)
        missed.push(entry.name)
      })
  }
  const outcomes = await Promise.all(sending)
  return { top, made, missed, isWhole: outcomes.every(Boolean) }
}

async function makeFolder(place: Place, name: string): Promise<FileEntry> {
  return (await send<FileEntry>('POST', `${pathOf(place)}/folders`, { body: { name } })).data
}

/** Takes away what was sent, and nothing that somebody else has put there since. @returns how much that is */
async function discard({ top, made }: Sent): Promise<number> {
  const { gone, left } = await sentOf(await get<FileDetails>(`/files/${top.id}`), made)
  for (const { id, etag } of gone) await send('DELETE', `/files/${id}`, { etag })
  await readAgain()
  return left
}

interface Discarded {
  readonly gone: readonly FileEntry[]
  readonly left: number
}

/** What may go of a folder: itself, or of what lies in it all but that of others. */
async function sentOf(folder: FileEntry, made: Sent['made']): Promise<Discarded> {
  const gone: FileEntry[] = []
  let left = 0
  const inside = await readAll<FileEntry>(`/files/${folder.id}/children`, {}, new AbortController().signal)
  for (const one of inside) {
    if (one.kind === 'folder' && made.has(one.id)) {
      const inner = await sentOf(one, made)
      gone.push(...inner.gone)
      left += inner.left
    } else if (made.get(folder.id)?.has(one.name.normalize()) && one.author?.name === folder.author?.name)
      gone.push(one)
    else left += 1
  }
  return left === 0 ? { gone: [folder], left } : { gone, left }
}

const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile

/** Browsers tell of some at a time, and of none at the end. */
async function entriesIn(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject)
    })
    if (some.length === 0 || all.length > mostTaken) return all
    all.push(...some)
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject)
  })
}
