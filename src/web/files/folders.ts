import { useTranslation } from 'react-i18next'
import { get, send } from '../client/api.ts'
import { tellDone, tellFailed } from '../ui/toast.tsx'
import { type FileDetails, type FileEntry, type Place, pathOf, readAgain } from './files.ts'
import { folderTarget, sendFiles } from './uploads.ts'

/** Files and folders that are taken of one that is dropped, itself among them. */
const mostTaken = 1_000

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
      const { id, isWhole } = await sendAll(place, folder, found)
      tellDone(t(isWhole ? 'folder.sent' : 'folder.inPart', { name }), () => discard(id))
    } catch (error) {
      tellFailed(error)
    }
  }
  return (folders) => {
    for (const folder of folders) void sendOne(folder)
  }
}

/** A folder, what lies in it, and so on; undefined where it is too much. */
async function contentsOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[] | undefined> {
  const found: FileSystemEntry[] = [folder]
  // It grows while it is gone through, so that each folder comes before what lies in it.
  for (const entry of found) {
    if (isFolder(entry)) found.push(...(await entriesIn(entry)))
    if (found.length > mostTaken) return undefined
  }
  return found
}

/** @returns the folder as it is here now, once all of its files were sent or refused */
async function sendAll(
  place: Place,
  top: FileSystemDirectoryEntry,
  found: readonly FileSystemEntry[],
): Promise<{ readonly id: number; readonly isWhole: boolean }> {
  const { id } = await makeFolder(place, top.name)
  const made = new Map<string, Place>([[top.fullPath, { kind: 'folder', id }]])
  await readAgain()
  const sent: Promise<boolean>[] = []
  for (const entry of found.slice(1)) {
    const into = made.get(entry.fullPath.slice(0, entry.fullPath.lastIndexOf('/'))) ?? place
    if (isFolder(entry)) {
      const { id: inner } = await makeFolder(into, entry.name)
      made.set(entry.fullPath, { kind: 'folder', id: inner })
    } else if (isFile(entry)) {
      sent.push(sendFiles(folderTarget(into), [await fileOf(entry)]))
    }
  }
  const outcomes = await Promise.all(sent)
  return { id, isWhole: outcomes.every(Boolean) }
}

async function makeFolder(place: Place, name: string): Promise<FileEntry> {
  return (await send<FileEntry>('POST', `${pathOf(place)}/folders`, { body: { name } })).data
}

async function discard(id: number): Promise<void> {
  const { etag } = await get<FileDetails>(`/files/${id}`)
  await send('DELETE', `/files/${id}`, { etag })
  await readAgain()
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
