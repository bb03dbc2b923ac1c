import { textFields } from '../../../src/features/smart-lists/schema.ts'
import { call } from '../history/world.ts'
import type { World } from './world.ts'

/** Questions by which a viewer would find out what is hidden from him. */
function questions({ secret: { values, asked }, acme }: World): readonly unknown[] {
  const texts = [...new Set(values.flatMap((value) => [value, asked(value)]))]
  const isAsked = (field: string): boolean => field !== 'phone' || /\d/.test(values[0])
  return [
    {
      any: textFields
        .filter(isAsked)
        .flatMap((field) => texts.map((text) => ({ field, op: 'contains', text }))),
    },
    // What else jane's card says is not hidden.
    {
      any: ['mail', 'organisation', 'title', 'note', 'address', 'city'].map((field) => ({
        field,
        op: 'known',
      })),
    },
    { any: texts.map((text) => ({ field: 'label', op: 'is', text })) },
    { field: 'label', op: 'known' },
    { field: 'birthday', op: 'known' },
    { field: 'birthday', op: 'since', date: '1980-01-01' },
    { field: 'works-at', when: 'ever' },
    { field: 'works-at', organisation: acme, withParts: true },
    { field: 'relation' },
    { field: 'duplicate' },
    { field: 'last-contact', op: 'within', days: 30 },
    { field: 'meeting', op: 'within', days: 30 },
  ]
}

/** Has the viewer have a list for each of these questions. @returns their ids */
export async function listsAsking(world: World): Promise<readonly number[]> {
  const { viewer } = world
  const known = (await call(viewer, 'GET', '/lists')).json.lists
  if (known.length > 0) return known.map(({ id }: { id: number }) => id)
  const made: number[] = []
  for (const [at, filter] of questions(world).entries()) {
    const { status, json, text } = await call(viewer, 'POST', '/lists', { name: `${at}`, filter })
    if (status !== 201) throw new Error(text)
    made.push(json.id)
  }
  return made
}
