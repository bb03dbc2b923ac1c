import { useMutation, useQuery } from '@tanstack/react-query'
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
import { get, send } from '../client/api.ts'
import { usePages } from '../client/pages.ts'
import { queryClient } from '../client/query.ts'
import { tellDone, tellFailed } from '../ui/toast.tsx'

export type FileEntry = z.infer<typeof fileEntry>
export type FileDetails = z.infer<typeof fileDetails>
export type Homes = z.infer<typeof fileHomes>
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

/** What is done with a file: each change says what it did, and how to take it back. */
export function useFileActions() {
  const { t } = useTranslation('files')
  const relocate = useMutation({
    mutationFn: ({ file, name, to }: Renaming) => {
      const body = { ...(name !== undefined && { name }), ...(to && { [to.kind]: to.id }) }
      return send<FileEntry>('PATCH', `/files/${file.id}`, { body, etag: file.etag })
    },
    onSuccess: ({ data }, { file, to }) => {
      const back = (): Promise<unknown> => {
        const home = file.parent === null ? { home: file.home } : { folder: file.parent }
        const body = { name: file.name, ...(to && home) }
        return send('PATCH', `/files/${data.id}`, { body, etag: data.etag }).then(readAgain)
      }
      tellDone(to ? t('moved', { name: data.name }) : t('renamed', { name: data.name }), back)
    },
    onError: tellFailed,
    onSettled: readAgain,
  })
  const remove = useMutation({
    mutationFn: ({ id, etag }: FileEntry) => send('DELETE', `/files/${id}`, { etag }),
    onSuccess: (_, { id, name }) =>
      tellDone(t('deleted', { name }), () => send('POST', `/files/${id}/restore`).then(readAgain)),
    onError: tellFailed,
    onSettled: readAgain,
  })
  const makeFolder = useMutation({
    mutationFn: ({ place, name }: { readonly place: Place; readonly name: string }) =>
      send<FileEntry>('POST', `${pathOf(place)}/folders`, { body: { name } }),
    onError: tellFailed,
    onSettled: readAgain,
  })
  return { relocate, remove, makeFolder }
}
