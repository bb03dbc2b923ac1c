import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { field, fieldList, partyFields } from '../../../features/fields/schema.ts'
import { ApiError, get, read, send, type Tagged } from '../../client/api.ts'
import { type ChangeHandle, patch, useChange } from '../../client/change.ts'
import { keys } from '../person.ts'

export type Field = z.infer<typeof field>
export type FieldType = Field['type']
export type Values = z.infer<typeof partyFields>

/** The fields that there are, retired ones too. */
export function useFields() {
  return useQuery({
    queryKey: ['fields'],
    queryFn: async ({ signal }) => (await get<z.infer<typeof fieldList>>('/fields', signal)).fields,
  })
}

/** What stands in the fields of somebody, and the tag that a change of it names. */
export function useFieldValues(partyId: number) {
  return useQuery({
    queryKey: keys.fact(partyId, 'fields'),
    queryFn: ({ signal }) => read<Values>(`/parties/${partyId}/fields`, signal),
  })
}

/** A value as it is set. */
export interface Setting {
  readonly field: Field
  /** In the form of the field's type; null takes it away. */
  readonly value: unknown
  /** What shows at once: a person by name rather than by id. */
  readonly shown: unknown
  /** What was there when the editor was opened. */
  readonly seen: Tagged<Values>
  /** Opens what was written, once it was refused. */
  readonly reopen?: () => void
}

export type SettingHandle = ChangeHandle<Setting, Values, Values>

/** Sets values that show at once; where a phone or somebody else changed the same one meanwhile, `conflict` has both. */
export function useSetting(partyId: number): SettingHandle {
  const { t } = useTranslation('person')
  const path = `/parties/${partyId}/fields`
  return useChange<Setting, Values, Values>({
    send: (setting, overruled) => sendSetting(path, setting, overruled),
    theirs: () => read<Values>(path),
    isEach: true,
    reopen: ({ reopen }) => reopen,
    patches: ({ field: { key }, shown }) => [
      patch<Tagged<Values>>(keys.fact(partyId, 'fields'), (seen) => ({
        ...seen,
        data: { ...seen.data, values: withValue(seen.data.values, key, shown) },
      })),
    ],
    keys: [['party', partyId], ['card'], ['parties'], ['fields', 'counts']],
    said: ({ value }) => t(value === null ? 'valueRemoved' : 'saved'),
  })
}

/** So often what somebody else changed meanwhile is read again, where it is not what is set. */
const mostAttempts = 3

/** @throws ApiError 412 where somebody else changed the same */
async function sendSetting(
  path: string,
  { field: { key }, value, seen }: Setting,
  overruled: string | undefined,
): Promise<Tagged<Values>> {
  let etag = overruled ?? seen.etag
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send<Values>('PATCH', path, { body: { [key]: value }, etag })
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 412 || attempt >= mostAttempts) throw error
      const now = await read<Values>(path)
      const before = JSON.stringify(seen.data.values[key])
      if (overruled === undefined && JSON.stringify(now.data.values[key]) !== before) throw error
      etag = now.etag
    }
  }
}

function withValue(values: Values['values'], key: string, value: unknown): Values['values'] {
  const { [key]: _before, ...others } = values
  return value === null ? others : { ...others, [key]: value }
}
