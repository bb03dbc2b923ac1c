import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { bookList } from '../../../features/cards/schema.ts'
import type { field, fieldChange, fieldCounts, fieldList, newField } from '../../../features/fields/schema.ts'
import { get, read, send } from '../../client/api.ts'
import { patch, useChange } from '../../client/change.ts'
import { queryClient } from '../../client/query.ts'
import { tellDone, tellFailed } from '../../ui/toast.tsx'

export type Field = z.infer<typeof field>
export type FieldType = Field['type']
export type Choice = NonNullable<Field['options']['choices']>[number]
export type NewField = z.input<typeof newField>
export type FieldChange = z.input<typeof fieldChange>
export type Book = z.infer<typeof bookList>['books'][number]

const key = ['fields'] as const

/** All fields, in their order, retired ones too. */
export function useFields() {
  return useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await get<z.infer<typeof fieldList>>('/fields', signal)).fields,
  })
}

/** How many people have a value of each field, by its id. */
export function usePeopleCounts() {
  return useQuery({
    queryKey: [...key, 'counts'],
    queryFn: async ({ signal }) => (await get<z.infer<typeof fieldCounts>>('/fields/counts', signal)).counts,
    select: countsById,
  })
}

function countsById(counts: z.infer<typeof fieldCounts>['counts']): ReadonlyMap<number, number> {
  return new Map(counts.map(({ id, people }) => [id, people]))
}

/** The address books that a field can be for. */
export function useBooks() {
  return useQuery({
    queryKey: ['books'],
    queryFn: ({ signal }) => get<z.infer<typeof bookList>>('/books', signal),
    select: ({ books }): readonly Book[] => books,
  })
}

/** @param onDone  of the form in which it is written */
export function useNewField(onDone: () => void) {
  const { t } = useTranslation('fields')
  return useChange<NewField, never, Field>({
    send: (body) => send('POST', '/fields', { body }),
    written: 'leaving',
    onDone,
    keys: [key],
    isUndoable: false,
    said: ({ label }) => t('made', { name: label }),
  })
}

/** A change of a field that was seen. */
interface Change {
  readonly field: Field
  readonly change: FieldChange
}

/**
 * Changes a field; where somebody else changed it meanwhile, `conflict` has both.
 * @param onDone  of the form in which it is written; without it, it is changed in the list
 */
export function useFieldChange(field: Field, onDone?: () => void) {
  const { t } = useTranslation('fields')
  return useChange<Change, Field, Field>({
    send: ({ field: { id, version }, change }, overruled) =>
      send('PATCH', `/fields/${id}`, { body: change, etag: overruled ?? `"${version}"` }),
    ...(onDone && { written: 'leaving' }),
    theirs: () => read<Field>(`/fields/${field.id}`),
    patches: ({ field: { id }, change }) => [
      patch<unknown>(key, (seen) => (isList(seen) ? seen.map((one) => changed(one, id, change)) : seen)),
    ],
    keys: [key],
    isUndoable: false,
    onDone: ({ data }, { field: before, change }) => {
      const text = change.isRetired === undefined ? t('saved') : t(change.isRetired ? 'retired' : 'offered')
      tellDone(text, () => takeBack(before, data))
      onDone?.()
    },
  })
}

function isList(seen: unknown): seen is Field[] {
  return Array.isArray(seen) && seen.every((one) => typeof one === 'object' && one !== null && 'key' in one)
}

function changed(one: Field, id: number, change: FieldChange): Field {
  return one.id === id ? ({ ...one, ...change } as Field) : one
}

/** The field as it was. Answers that were added meanwhile may have been given: they are retired. */
async function takeBack(before: Field, after: Field): Promise<void> {
  const { label, isRetired, options } = before
  const known = new Set((options.choices ?? []).map((choice) => choice.key))
  const added = (after.options.choices ?? []).filter((choice) => !known.has(choice.key))
  const choices = [...(options.choices ?? []), ...added.map((choice) => ({ ...choice, isRetired: true }))]
  const body = { label, isRetired, options: { ...options, ...(choices.length > 0 && { choices }) } }
  await send('PATCH', `/fields/${before.id}`, { body, etag: `"${after.version}"` })
  await queryClient.invalidateQueries({ queryKey: key })
}

/** Puts a field before or behind its neighbour; the places that the others have stay theirs. */
export async function moveField(group: readonly Field[], at: number, to: number): Promise<void> {
  const order = group.toSpliced(at, 1).toSpliced(to, 0, ...group.slice(at, at + 1))
  const places = group.map(({ position }) => position)
  const isRising = places.every((place, index) => index === 0 || place > (places[index - 1] ?? place))
  const placed = order.map((one, index) => ({
    ...one,
    position: isRising ? (places[index] ?? index) : index,
  }))
  const byId = new Map(placed.map((one) => [one.id, one]))
  queryClient.setQueryData<Field[]>(key, (seen) =>
    seen?.map((one) => byId.get(one.id) ?? one).toSorted((a, b) => a.position - b.position || a.id - b.id),
  )
  try {
    for (const { id, position, version } of placed)
      if (group.some((one) => one.id === id && one.position !== position))
        await send('PATCH', `/fields/${id}`, { body: { position }, etag: `"${version}"` })
  } catch (error) {
    tellFailed(error)
  }
  await queryClient.invalidateQueries({ queryKey: key })
}

/** Takes away a field that nobody uses. */
export function useDropField() {
  const { t } = useTranslation('fields')
  return useChange<Field>({
    send: ({ id, version }) => send('DELETE', `/fields/${id}`, { etag: `"${version}"` }),
    keys: [key],
    said: ({ label }) => t('dropped', { name: label }),
  })
}
