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
import { usePages as usePagesOf } from '../client/pages.ts'

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

const everyMs = 10_000

/** Something that whoever runs the place looks at; read again while it is looked at. */
export function useReport<T>(path: string, isLive = false) {
  return useQuery({
    queryKey: ['admin', path],
    queryFn: ({ signal }) => get<T>(path, signal),
    refetchInterval: isLive ? everyMs : false,
  })
}

/** A list in pages. @param path  with its query, if it has one */
export function usePages<Item>(path: string) {
  const [bare = '', query] = path.split('?')
  const asked = Object.fromEntries(new URLSearchParams(query))
  return usePagesOf<{ items: Item[]; next: string | null }>(['admin', path], bare, asked)
}
