import { z } from 'zod'
import type { ThingKindName } from '../../../../storage/history/thing-revisions.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import { page, readCursor } from '../../../api/cursor.ts'
import {
  type ApiCall,
  type ChangeCall,
  change,
  look,
  originOf,
  type RawCall,
  type Route,
} from '../../../api/route.ts'
import { pageOf } from '../../../api/schema.ts'
import { isAllowed } from '../../../api/scopes.ts'
import { adminChange, adminLook } from '../../team/administering.ts'
import { ownRemovedList, statesPage, thingChange } from '../schema.ts'
import { shownMaker } from '../shown-state.ts'
import { listThingChanges, restoreThing } from './history.ts'
import { thingKindOf } from './kinds.ts'
import { listOwnRemoved, ownKinds } from './removed.ts'

const cursorShape = z.tuple([z.int()])

const places = [
  { kind: 'label', path: '/labels/:name', scope: 'people', what: 'a label', affects: 'facts' },
  { kind: 'list', path: '/lists/:id', scope: 'people', what: 'a list', affects: 'other' },
  { kind: 'field', path: '/fields/:id', scope: 'people', what: 'a field', affects: 'facts' },
  { kind: 'grant', path: '/grants/:id', scope: 'sharing', what: 'something shared', affects: 'other' },
  { kind: 'share', path: '/shares/:id', scope: 'sharing', what: 'a shared collection', affects: 'other' },
  {
    kind: 'folder',
    path: '/files/:id/shares/:name',
    scope: ['files', 'sharing'],
    what: 'a shared folder',
    affects: 'other',
  },
] as const

const administered = [
  { kind: 'role', path: '/team-roles/:id', what: 'a role' },
  { kind: 'mask', path: '/masks/:name', what: 'a mask' },
  { kind: 'account', path: '/accounts/:name', what: 'an account' },
  { kind: 'group', path: '/groups/:name', what: 'a group' },
  { kind: 'room', path: '/rooms/:name', what: 'a room' },
  { kind: 'room', path: '/resources/:name', what: 'a resource' },
] as const

const looked = { query: statesPage, reply: pageOf(thingChange) }

/** What labels, lists, fields, what is shared of people, collections and folders, roles, masks, accounts, groups and rooms were, and making them so again. */
export const thingHistoryRoutes: readonly Route[] = [
  look(
    {
      ...{ method: 'GET', path: '/history/removed', scope: 'people' },
      summary: 'Labels and fields that were removed lately, and what I share no longer',
    },
    { reply: ownRemovedList },
    async ({ store, session }) => {
      const kinds = ownKinds.filter((kind) =>
        (thingKindOf(kind).areas ?? []).every((area) => isAllowed(session, area, 'read')),
      )
      return { body: { items: await store.read((reader) => listOwnRemoved(reader, session, kinds)) } }
    },
  ),
  ...places.flatMap(({ kind, path, scope, what, affects }): Route[] => [
    look({ ...lookAt(path, what), method: 'GET', scope }, looked, (call) =>
      call.store.read((reader) => listed(reader, call, kind)),
    ),
    change({ ...changeAt(path, what), scope, affects }, {}, (tx, call) => restored(tx, call, kind)),
  ]),
  ...administered.flatMap(({ kind, path, what }): Route[] => [
    adminLook(lookAt(path, what), looked, (reader, call) => listed(reader, call, kind)),
    adminChange(changeAt(path, what), {}, (tx, call) => restored(tx, call, kind)),
  ]),
]

function lookAt(path: string, what: string) {
  return { path: `${path}/history`, summary: `What became of ${what}` }
}

function changeAt(path: string, what: string) {
  const summary = `Make of ${what} what a change named as it was before`
  return { method: 'POST', path: `${path}/history/:revision/restore`, summary } as const
}

async function listed(
  reader: Reader,
  call: ApiCall<undefined, z.output<typeof statesPage>>,
  kind: ThingKindName,
) {
  const { limit, cursor } = call.query
  const before = readCursor(cursor, cursorShape)?.[0]
  const at = { kind: thingKindOf(kind), name: nameIn(call) }
  const { changes, makers } = await listThingChanges(reader, call.session, at, { before, limit })
  const body = page(changes, limit, {
    keyOf: ({ revision }) => [revision.id],
    shown: ({ revision, how, changes: parts }) => ({
      ...{ revision: revision.id, ...shownMaker(revision, makers) },
      ...{ how, changes: parts },
    }),
  })
  return { body }
}

async function restored(tx: Writer, call: ChangeCall<undefined>, kind: ThingKindName) {
  const { revision = '' } = call.params
  const revisionId = /^\d{1,15}$/.test(revision) ? Number(revision) : 0
  const { session, settings, newId, now } = call
  const origin = { ...originOf(call), kind: 'restore' } as const
  const at = { kind: thingKindOf(kind), name: nameIn(call), revisionId }
  await restoreThing(tx, at, { session, settings, newId, now, origin })
  return {}
}

function nameIn({ params: { name, id } }: Pick<RawCall, 'params'>): string {
  return [id, name].filter((part) => part !== undefined).join('/')
}
