import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { accountPage, groupPage } from '../../features/accounts/admin-schema.ts'
import type {
  devicePage,
  jobList,
  outboxPage,
  serverReport,
  storageReport,
} from '../../features/admin/schema.ts'
import type { settingList, settingLog } from '../../features/admin/settings/schema.ts'
import type { oneDevice } from '../../features/devices/schema.ts'
import type { allSignInsPage } from '../../features/sessions/schema.ts'
import { get } from '../client/api.ts'
import { dropItem, type Patch, patchItem } from '../client/items.ts'
import { usePages as usePagesOf, watched } from '../client/pages.ts'

export type Account = z.infer<typeof accountPage>['items'][number]
export type Job = z.infer<typeof jobList>['jobs'][number]
export type OutboxItem = z.infer<typeof outboxPage>['items'][number]
export type AdminDevice = z.infer<typeof devicePage>['items'][number]
export type OneDevice = z.infer<typeof oneDevice>
export type SignIn = z.infer<typeof allSignInsPage>['items'][number]
export type Server = z.infer<typeof serverReport>
export type Storage = z.infer<typeof storageReport>
export type Setting = z.infer<typeof settingList>['settings'][number]
export type GroupRow = z.infer<typeof groupPage>['items'][number]
export type Jobs = z.infer<typeof jobList>
export type Outbox = z.infer<typeof outboxPage>
export type Settings = z.infer<typeof settingList>
export type SettingChange = z.infer<typeof settingLog>['items'][number]

/** Something that whoever runs the place looks at. @param isWatched  whether others may change it meanwhile */
export function useReport<T>(path: string, isWatched = true) {
  return useQuery({
    queryKey: ['admin', path],
    queryFn: ({ signal }) => get<T>(path, signal),
    ...(isWatched && watched),
  })
}

/** A list in pages, under the key of its path alone, whatever of it is asked for. @param path  with its query, if it has one */
export function usePages<Item>(path: string) {
  const [bare = '', query] = path.split('?')
  const asked = Object.fromEntries(new URLSearchParams(query))
  return usePagesOf<{ items: Item[]; next: string | null }>(['admin', bare, asked], bare, asked, watched)
}

interface Listed {
  readonly id?: number
  readonly name?: string
}

/** The thing that the API has at a path, and the path of the list that it is in. */
function thingAt(path: string) {
  const at = path.lastIndexOf('/')
  const own = decodeURIComponent(path.slice(at + 1))
  return { list: path.slice(0, at), isIt: ({ id, name }: Listed): boolean => String(id ?? name) === own }
}

/** One thing will look so, where it is read by itself, and in its list. @param path  of it */
export function changedAt(path: string, change: object): readonly Patch[] {
  const { list, isIt } = thingAt(path)
  return [path, list].map((where) => patchItem<Listed>(['admin', where], isIt, change))
}

/** One thing is in its list no more. @param path  of it */
export function goneAt(path: string): readonly Patch[] {
  const { list, isIt } = thingAt(path)
  return [dropItem<Listed>(['admin', list], isIt)]
}
