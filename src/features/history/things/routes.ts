import { z } from 'zod'
import { page, readCursor } from '../../../api/cursor.ts'
import { change, look, originOf, type Route } from '../../../api/route.ts'
import { pageOf } from '../../../api/schema.ts'
import { statesPage, thingChange } from '../schema.ts'
import { shownMaker } from '../shown-state.ts'
import { listThingChanges, restoreThing } from './history.ts'
import { thingKindOf } from './kinds.ts'

const cursorShape = z.tuple([z.int()])

const places = [
  { kind: 'label', path: '/labels/:name', scope: 'people', what: 'a label', affects: 'facts' },
  { kind: 'list', path: '/lists/:id', scope: 'people', what: 'a list', affects: 'other' },
  { kind: 'field', path: '/fields/:id', scope: 'people', what: 'a field', affects: 'facts' },
  { kind: 'grant', path: '/grants/:id', scope: 'sharing', what: 'something shared', affects: 'other' },
] as const

/** What labels, lists, fields and what is shared were, and making them so again. */
export const thingHistoryRoutes: readonly Route[] = places.flatMap(
  ({ kind, path, scope, what, affects }): Route[] => [
    look(
      { method: 'GET', path: `${path}/history`, scope, summary: `What became of ${what}` },
      { query: statesPage, reply: pageOf(thingChange) },
      async (call) => {
        const { limit, cursor } = call.query
        const before = readCursor(cursor, cursorShape)?.[0]
        const at = { kind: thingKindOf(kind), name: nameIn(call.params) }
        const { changes, makers } = await call.store.read((reader) =>
          listThingChanges(reader, call.session, at, { before, limit }),
        )
        const body = page(changes, limit, {
          keyOf: ({ revision }) => [revision.id],
          shown: ({ revision, how, changes: parts }) => ({
            ...{ revision: revision.id, ...shownMaker(revision, makers) },
            ...{ how, changes: parts },
          }),
        })
        return { body }
      },
    ),
    change(
      {
        ...{ method: 'POST', path: `${path}/history/:revision/restore`, scope, affects },
        summary: `Make of ${what} what a change named as it was before`,
      },
      {},
      async (tx, call) => {
        const { revision = '' } = call.params
        const revisionId = /^\d{1,15}$/.test(revision) ? Number(revision) : 0
        const { session, settings, newId, now } = call
        const origin = { ...originOf(call), kind: 'restore' } as const
        const at = { kind: thingKindOf(kind), name: nameIn(call.params), revisionId }
        await restoreThing(tx, at, { session, settings, newId, now, origin })
        return {}
      },
    ),
  ],
)

function nameIn({ name, id }: Readonly<Record<string, string>>): string {
  return name ?? id ?? ''
}
