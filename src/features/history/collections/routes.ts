import { z } from 'zod'
import { addressProperty, keptProperties } from '../../../../storage/history/collection-revisions.ts'
import type { Makers } from '../../../../storage/history/object-revisions.ts'
import { page, readCursor } from '../../../api/cursor.ts'
import { change, idIn, look, originOf, type Route } from '../../../api/route.ts'
import { pageOf } from '../../../api/schema.ts'
import { collectionChange, statesPage } from '../schema.ts'
import { shownMaker } from '../shown-state.ts'
import { isDead } from './named.ts'
import { listCollectionChanges, restoreProperties, type SeenChange } from './properties.ts'

const scope = ['people', 'calendars'] as const

/** What calendars and address books were called, and how they looked. */
export const collectionHistoryRoutes: readonly Route[] = [
  look(
    {
      ...{ method: 'GET', path: '/collections/:id/history', scope },
      summary: 'What a calendar or an address book was called, and how it looked',
    },
    { query: statesPage, reply: pageOf(collectionChange) },
    async (call) => {
      const { limit, cursor } = call.query
      const before = readCursor(cursor, z.tuple([z.int()]))?.[0]
      const { changes, makers } = await call.store.read((reader) =>
        listCollectionChanges(reader, call.session, idIn(call), { before, limit }),
      )
      return {
        body: page(changes, limit, {
          keyOf: ({ revision }) => [revision.id],
          shown: (one) => shown(one, makers),
        }),
      }
    },
  ),
  change(
    {
      ...{ method: 'POST', path: '/collections/:id/history/:revision/restore', scope, affects: 'other' },
      summary: 'Make what a change named as it was before',
    },
    {},
    async (tx, call) => {
      const { revision = '' } = call.params
      const revisionId = /^\d{1,15}$/.test(revision) ? Number(revision) : 0
      const origin = { ...originOf(call), kind: 'restore' } as const
      const { settings } = call
      await restoreProperties(tx, call.session, { id: idIn(call), revisionId, origin, settings })
      return {}
    },
  ),
]

/** As clients of the API call them. */
const words = {
  displayname: 'title',
  description: 'description',
  color: 'color',
  sortOrder: 'order',
  timezone: 'timeZoneDefinition',
  timezoneId: 'timeZone',
  transparent: 'isFree',
  [addressProperty]: 'address',
} as const

function shown({ revision, before, after }: SeenChange, makers: Makers) {
  const text = (value: string | number | null | undefined): string | null =>
    value === null || value === undefined ? null : String(value)
  const named = [...keptProperties, addressProperty].filter((name) => name in after)
  const changes = [
    ...named.map((name) => ({ property: words[name], name })),
    // Nobody but the client that made them up knows what they mean.
    ...Object.keys(after)
      .filter(isDead)
      .map((name) => ({ property: 'other' as const, name })),
  ].map(({ property, name }) => ({
    property,
    ...(property === 'other' && { name }),
    before: text(before[name]),
    after: text(after[name]),
  }))
  return { revision: revision.id, isOwn: revision.mountId !== null, ...shownMaker(revision, makers), changes }
}
