import { refuseStatus } from '../../../../protocol/dav/preconditions.ts'
import { type BatchRow, findBatchById } from '../../../../storage/batches/batches.ts'
import { listSourceItems, type MigrationItemRow } from '../../../../storage/migration-sources/items.ts'
import {
  findSourceOfBatch,
  listMigrationCollections,
  listSources,
  type MigrationCollectionRow,
  type MigrationSourceRow,
} from '../../../../storage/migration-sources/sources.ts'
import type { Reader } from '../../../../storage/store.ts'
import { idIn, look, type RawCall, type Route, work } from '../../../api/route.ts'
import { reachable } from '../../../outbound/networks.ts'
import { lookAround, type Sighted } from '../look-around.ts'
import { summarize } from '../summary.ts'
import {
  type Background,
  backgroundOf,
  oneLookAtATime,
  pauseMigration,
  startMigration,
  startUndo,
  stopMigration,
} from './background.ts'
import { giveUpPaused, goOn } from './go-on.ts'
import { pausedOf, readWish } from './paused.ts'
import {
  migrationFound,
  migrationGoOn,
  migrationItems,
  migrationItemsPage,
  migrationList,
  migrationPlace,
  migrationState,
  newMigration,
} from './schema.ts'

const scope = ['people', 'calendars'] as const
const affects = 'cards'

/** Moving in over the API: the same as by command, from public addresses, while the server runs. */
export const migrationRoutes: readonly Route[] = [
  work(
    {
      ...{ method: 'POST', path: '/migrations', scope, affects },
      summary: 'Move in from another server, or go on with it',
    },
    { body: newMigration, reply: migrationState, statuses: [202] },
    async (call) => {
      const { session, settings, body } = call
      const { url, follow, collections: choices, ...wanted } = body
      const id = await startMigration(call, session.principal, {
        ...{ ...wanted, choices, url: placeIn(url) },
        followMs: follow ? settings.migration.followMs : undefined,
        mayReach: reachable(settings.migration.privateNetworks),
      })
      return { body: await shown(call, id) }
    },
  ),
  work(
    {
      ...{ method: 'POST', path: '/migrations/discover', scope, affects },
      summary: 'Look what there is on another server, and store nothing',
    },
    { body: migrationPlace, reply: migrationFound },
    async (call) => {
      const { session, settings, body } = call
      const { url, user, password } = body
      const mayReach = reachable(settings.migration.privateNetworks)
      const asked = { url: placeIn(url), user, password, mayReach }
      const sighted = await oneLookAtATime(call, session.principal, () =>
        lookAround(call, session.principal, asked),
      )
      return { body: { collections: sighted.map(shownSight) } }
    },
  ),
  look(
    { method: 'GET', path: '/migrations', summary: 'What was moved in', scope },
    { reply: migrationList },
    async (call) => {
      const { store, session } = call
      const sources = await store.read((reader) => listSources(reader, session.principal.id))
      const migrations = []
      for (const { batchId } of sources) migrations.push(await shown(call, batchId))
      return { body: { migrations } }
    },
  ),
  look(
    { method: 'GET', path: '/migrations/:id', summary: 'How far a migration is', scope },
    { reply: migrationState },
    async (call) => ({ body: await shown(call, idIn(call)) }),
  ),
  look(
    { method: 'GET', path: '/migrations/:id/items', summary: 'What became of its objects', scope },
    { query: migrationItemsPage, reply: migrationItems },
    async (call) => {
      const { after, odd } = call.query
      const items = await call.store.read(async (reader) => {
        const source = await ownSource(reader, call, idIn(call))
        const isOddOnly = odd !== undefined
        return listSourceItems(reader, source.id, { after, limit: pageItems, isOddOnly })
      })
      const next = items.length === pageItems ? items.at(-1)?.id : undefined
      return { body: { items: items.map(shownItem), next } }
    },
  ),
  work(
    { method: 'POST', path: '/migrations/:id/stop', summary: 'Stop it where it is', scope, affects },
    { reply: migrationState },
    async (call) => {
      const id = idIn(call)
      const { principal } = call.session
      await call.store.read((reader) => ownSource(reader, call, id))
      if (backgroundOf(call, principal)?.batch === id) await stopMigration(call, principal)
      else await giveUpPaused(call, principal, id)
      return { body: await shown(call, id) }
    },
  ),
  work(
    {
      ...{ method: 'POST', path: '/migrations/:id/pause', scope, affects },
      summary: 'Pause it: it goes on later where it is',
    },
    { reply: migrationState },
    async (call) => {
      const id = idIn(call)
      await call.store.read((reader) => ownSource(reader, call, id))
      await pauseMigration(call, call.session.principal, id)
      return { body: await shown(call, id) }
    },
  ),
  work(
    {
      ...{ method: 'POST', path: '/migrations/:id/go-on', scope, affects },
      summary: 'Go on with what was paused or stopped, or look again what has changed there',
    },
    { body: migrationGoOn, reply: migrationState, statuses: [202] },
    async (call) => {
      const id = idIn(call)
      const source = await call.store.read((reader) => ownSource(reader, call, id))
      await goOn(call, call.session.principal, source, call.body.password)
      return { body: await shown(call, id) }
    },
  ),
  work(
    { method: 'POST', path: '/migrations/:id/undo', summary: 'Undo all of it', scope, affects },
    { reply: migrationState, statuses: [202] },
    async (call) => {
      const id = idIn(call)
      await call.store.read((reader) => ownSource(reader, call, id))
      await startUndo(call, call.session.principal, id)
      return { body: await shown(call, id) }
    },
  ),
]

const pageItems = 500

/** @throws refusal 422 for one with a password in it */
function placeIn(url: string): URL {
  const place = new URL(url)
  if (place.username !== '' || place.password !== '')
    throw refuseStatus(422, 'url: give the user and the password beside it.')
  return place
}

async function ownSource(
  reader: Reader,
  { session }: Pick<RawCall, 'session'>,
  id: number,
): Promise<MigrationSourceRow> {
  const source = await findSourceOfBatch(reader, id)
  if (source?.principalId !== session.principal.id) throw notThere()
  return source
}

const notThere = (): Error => refuseStatus(404, 'There is no such migration.')

async function shown(call: Pick<RawCall, 'store' | 'session'>, id: number) {
  const background = backgroundOf(call, call.session.principal)
  return call.store.read(async (reader) => {
    const source = await ownSource(reader, call, id)
    const [batch, counts, collections] = [
      await findBatchById(reader, id),
      await summarize(reader, source),
      await listMigrationCollections(reader, source.id),
    ]
    const { url, userName: user } = source
    const own = background?.batch === id ? background : undefined
    return {
      ...{ id, url, user, ...shownState(batch, own), counts },
      needsPassword: pausedOf(call, call.session.principal)?.batch !== id,
      collections: collections.map(shownCollection),
    }
  })
}

/** A batch that is running may have stopped with its process: `isActive` says whether this one runs it. */
function shownState(batch: BatchRow | undefined, background: Background | undefined) {
  const { isPaused, follow } = readWish(batch?.options)
  const isActive = background !== undefined
  const state = batch?.state ?? 'undone'
  return {
    ...{ state, isActive, follow },
    isPaused: isPaused && !isActive && state === 'running',
    progress: background?.progress ?? null,
    error: batch?.error ?? null,
    notes: background?.notes ?? [],
    startedAt: batch?.startedAt ?? null,
    touchedAt: batch?.touchedAt ?? null,
  }
}

function shownSight({ remote, count, bytes, into, before }: Sighted) {
  const { url, kind, name, displayname, description, color, components, leftAs } = remote
  return {
    ...{ url: url.href, kind, title: displayname || name, description, color, count, bytes },
    components: components?.split(',') ?? null,
    left: leftAs ?? null,
    into: into ? { name: into.name, title: into.displayname ?? into.name } : null,
    before: before ?? null,
  }
}

function shownCollection({ url, kind, displayname, collectionId, held }: MigrationCollectionRow) {
  return { url, kind, displayname, collectionId, held }
}

function shownItem({ id, href, outcome, verdict, note }: MigrationItemRow) {
  return { id, href, outcome, verdict, note }
}
