import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type {
  fileDetails,
  fileEntry,
  fileHomes,
  filePage,
  fileParties,
  fileVersions,
} from '../../features/files/schema.ts'
import { get, read, send } from '../client/api.ts'
import { useChange } from '../client/change.ts'
import { dropItem, patchItem, patchList, pendingId } from '../client/items.ts'
import { usePages } from '../client/pages.ts'
import { queryClient } from '../client/query.ts'

export type FileEntry = z.infer<typeof fileEntry>
export type FileDetails = z.infer<typeof fileDetails>
export type Homes = z.infer<typeof fileHomes>
export type Linked = z.infer<typeof fileParties>['items'][number]
export type FileHome = z.infer<typeof fileHomes>['items'][number]

/** A home, or a folder; and whether something may be put there. */
export interface Place {
  readonly kind: 'home' | 'folder'
  readonly id: number
}

export function pathOf({ kind, id }: Place): string {
  return kind === 'home' ? `/file-homes/${id}` : `/files/${id}`
}

export function useHomes() {
  return useQuery({
    queryKey: ['files', 'homes'],
    queryFn: ({ signal }) => get<z.infer<typeof fileHomes>>('/file-homes', signal),
  })
}

/** What lies in a folder, page by page. */
export function useChildren(place: Place) {
  return usePages<z.infer<typeof filePage>>(
    ['files', 'children', place.kind, place.id],
    `${pathOf(place)}/children`,
    { limit: '500' },
  )
}

export function useFile(id: number | undefined) {
  return useQuery({
    queryKey: ['files', 'one', id],
    enabled: id !== undefined,
    queryFn: ({ signal }) => get<FileDetails>(`/files/${id}`, signal),
  })
}

export function useVersions(id: number) {
  return useQuery({
    queryKey: ['files', 'versions', id],
    queryFn: ({ signal }) => get<z.infer<typeof fileVersions>>(`/files/${id}/versions`, signal),
  })
}

export function usePeopleOf(id: number) {
  return useQuery({
    queryKey: ['files', 'people', id],
    queryFn: ({ signal }) => get<z.infer<typeof fileParties>>(`/files/${id}/parties`, signal),
  })
}

export function readAgain(): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: ['files'] })
}

interface Renaming {
  readonly file: FileEntry
  readonly name?: string
  readonly to?: Place
}

interface NewFolder {
  readonly place: Place
  readonly name: string
}

const keys = [['files']] as const
const listed = ['files', 'children'] as const

/**
 * What is done with a file: each change shows at once, says what it did, and how to take it back.
 * @param onDone  of the form in which it is done; without it, it is done in the list
 */
export function useFileActions(onDone?: () => void) {
  const { t } = useTranslation('files')
  const kind = onDone ? ({ written: 'leaving', onDone } as const) : { isEach: true }
  const relocate = useChange<Renaming, unknown, FileEntry>({
    ...kind,
    send: ({ file, name, to }, newer) => {
      const body = { ...(name !== undefined && { name }), ...(to && { [to.kind]: to.id }) }
      return send('PATCH', `/files/${file.id}`, { body, etag: newer ?? file.etag })
    },
    anew: ({ file: { id } }) => read<FileDetails>(`/files/${id}`),
    patches: ({ file: { id }, name, to }) => [
      ...(to ? [dropItem(listed, id)] : []),
      ...(name === undefined
        ? []
        : [listed, ['files', 'one', id]].map((key) => patchItem(key, id, { name }))),
    ],
    keys,
    said: ({ to }, { name }) => t(to ? 'moved' : 'renamed', { name }),
    back:
      ({ file, to }, { data }) =>
      () => {
        const home = file.parent === null ? { home: file.home } : { folder: file.parent }
        const body = { name: file.name, ...(to && home) }
        return send('PATCH', `/files/${data.id}`, { body, etag: data.etag })
      },
  })
  const remove = useChange<FileEntry>({
    ...kind,
    send: ({ id, etag }) => send('DELETE', `/files/${id}`, { etag }),
    patches: ({ id }) => [dropItem(listed, id)],
    keys,
    said: ({ name }) => t('deleted', { name }),
    back:
      ({ id }) =>
      () =>
        send('POST', `/files/${id}/restore`),
  })
  const makeFolder = useChange<NewFolder, unknown, FileEntry>({
    ...kind,
    send: ({ place, name }) => send('POST', `${pathOf(place)}/folders`, { body: { name } }),
    patches: (wish) => [
      patchList<FileEntry>([...listed, wish.place.kind, wish.place.id], (seen) => [...seen, newFolder(wish)]),
    ],
    keys,
    isUndoable: false,
  })
  return { relocate, remove, makeFolder }
}

/** How a folder stands there before the server has it. */
function newFolder({ place: { kind, id }, name }: NewFolder): FileEntry {
  const now = new Date().toISOString()
  return {
    ...{ id: pendingId(), kind: 'folder', name, type: null, size: 0, etag: '', contentEtag: null },
    ...{ createdAt: now, changedAt: now, author: null, hasPreview: false },
    ...(kind === 'home' ? { home: id, parent: null } : { home: 0, parent: id }),
    rights: { edit: false, add: false, rename: false, remove: false, share: false },
  }
}
