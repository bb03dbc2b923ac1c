import { send, type Tagged } from '../../client/api.ts'
import { queryClient } from '../../client/query.ts'
import type { Setting } from '../admin.ts'

/** What reads settings. */
export const settingKeys = [['admin']] as const

export const pathOfSetting = (key: string): string => `/settings/${encodeURIComponent(key)}`

/** A value, or null for what the server starts with. */
export type Wish = Setting['value'] | null

/** @throws ApiError, TypeError */
export function sendWish(key: string, value: Wish, etag: string | undefined): Promise<Tagged<Setting>> {
  return value === null
    ? send('DELETE', pathOfSetting(key), { etag })
    : send('PUT', pathOfSetting(key), { body: { value }, etag })
}

/** What takes a change back. @param etag  that which the change has made */
export function wayBackOf({ key, from, value }: Setting, etag: string | undefined): () => Promise<void> {
  return async () => {
    await sendWish(key, from === 'page' ? value : null, etag)
    await Promise.all(settingKeys.map((queryKey) => queryClient.invalidateQueries({ queryKey })))
  }
}
