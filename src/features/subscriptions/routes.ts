import type { z } from 'zod'
import { readDuration } from '../../../protocol/ical/values.ts'
import { patchCollection } from '../../../storage/collection-writes.ts'
import { type CollectionPatch, type CollectionRow, findCollectionById } from '../../../storage/collections.ts'
import type { CollectionId } from '../../../storage/ids.ts'
import type { Reader } from '../../../storage/store.ts'
import { scheduleJob } from '../../../storage/upkeep/jobs.ts'
import { listSubscriptions, type SubscriptionState } from '../../../storage/upkeep/subscriptions.ts'
import { change, idIn, look, originOf, type Route } from '../../api/route.ts'
import type { Session } from '../../auth/session.ts'
import { writingOf } from '../calendar-events/change-routes.ts'
import { homeOf, mustHold, removeHeld } from '../home-collections/change-collections.ts'
import { notThere } from '../people/asking.ts'
import { newSubscription, subscription, subscriptionChange, subscriptionList } from './schema.ts'
import { maskedSource, nameOf, readSource } from './source.ts'
import { makeSubscription, noticePatch, subscriptionJob } from './subscriptions.ts'

const scope = 'calendars'
const affects = 'other'

/** Calendars that follow what is published elsewhere, over the API. */
export const subscriptionRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/subscriptions', summary: 'What I follow of others', scope },
    { reply: subscriptionList },
    (call) =>
      call.store.read(async (reader) => ({ body: { subscriptions: await shownAll(reader, call.session) } })),
  ),
  look(
    { method: 'GET', path: '/subscriptions/:id', summary: 'How it stands with one', scope },
    { reply: subscription },
    (call) => call.store.read(async (reader) => ({ body: await shownOne(reader, call.session, idIn(call)) })),
  ),
  change(
    {
      method: 'POST',
      path: '/subscriptions',
      summary: 'Follow what is published at an address',
      scope,
      affects,
    },
    { body: newSubscription, reply: subscription, statuses: [201] },
    async (tx, call) => {
      const { url, ...wish } = call.body
      const home = await homeOf(tx, call.session, 'calendar')
      const names = { name: call.newId(), resourceId: call.newId() }
      const source = readSource(url)
      const usual = { displayname: nameOf(source), stripAlarms: 1, ...patchOf(wish), ...names }
      const made = { ...usual, source }
      const row = await makeSubscription(tx, home, made, originOf(call), call.settings)
      const headers = { Location: `/api/subscriptions/${row.id}` }
      return { body: await shownOne(tx, call.session, row.id), headers }
    },
  ),
  change(
    { method: 'PATCH', path: '/subscriptions/:id', summary: 'Follow it otherwise', scope, affects },
    { body: subscriptionChange, reply: subscription },
    async (tx, call) => {
      const row = await mustFollow(tx, call.session, idIn(call))
      const patch = patchOf(call.body)
      await patchCollection(tx, row, patch, originOf(call))
      await noticePatch(tx, row, patch)
      return { body: await shownOne(tx, call.session, row.id) }
    },
  ),
  change(
    { method: 'DELETE', path: '/subscriptions/:id', summary: 'Follow it no more', scope, affects },
    {},
    async (tx, call) => {
      const { id } = await mustFollow(tx, call.session, idIn(call))
      await removeHeld(tx, await mustHold(tx, call.session, { id, kind: 'calendar' }), writingOf(call))
      return {}
    },
  ),
  change(
    {
      method: 'POST',
      path: '/subscriptions/:id/refresh',
      summary: 'Fetch it as soon as can be',
      scope,
      affects,
    },
    { reply: subscription, statuses: [202] },
    async (tx, call) => {
      const { id } = await mustFollow(tx, call.session, idIn(call))
      await scheduleJob(tx, subscriptionJob(id), tx.now)
      return { body: await shownOne(tx, call.session, id) }
    },
  ),
]

/** A calendar of the caller's that follows something. @throws refusal 404 */
async function mustFollow(reader: Reader, { principal }: Session, id: CollectionId): Promise<CollectionRow> {
  const row = await findCollectionById(reader, id)
  if (row?.source == null || row.principalId !== principal.id) throw notThere()
  return row
}

async function shownAll(reader: Reader, { principal }: Session) {
  const shown = []
  for (const state of await listSubscriptions(reader, principal.id)) {
    const row = await findCollectionById(reader, state.collectionId)
    if (row) shown.push(shownState(state, row))
  }
  return shown
}

async function shownOne(reader: Reader, session: Session, id: CollectionId) {
  const row = await mustFollow(reader, session, id)
  const states = await listSubscriptions(reader, session.principal.id)
  const state = states.find(({ collectionId }) => collectionId === id)
  if (!state) throw notThere()
  return shownState(state, row)
}

function shownState(state: SubscriptionState, row: CollectionRow) {
  const time = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())
  return {
    id: row.id,
    name: row.name,
    title: row.displayname ?? row.name,
    url: maskedSource(state.source),
    color: row.color,
    everyMinutes: minutesOf(row.refreshRate),
    keepsAlarms: row.stripAlarms === 0,
    events: state.objects,
    skipped: state.skipped,
    fetchedAt: time(state.fetchedAt),
    nextAt: time(state.nextAt),
    lastError: state.lastError,
  }
}

function minutesOf(rate: string | null): number | null {
  if (rate === null) return null
  try {
    const { days, ms } = readDuration(rate)
    return Math.round(days * 1_440 + ms / 60_000)
  } catch {
    // What a client wrote may be no duration: then it is as the publisher says.
    return null
  }
}

function patchOf(wish: z.output<typeof subscriptionChange>): CollectionPatch {
  const { url, title, color, everyMinutes, keepsAlarms } = wish
  return {
    ...(url !== undefined && { source: readSource(url) }),
    ...(title !== undefined && { displayname: title }),
    ...(color !== undefined && { color }),
    ...(everyMinutes !== undefined && { refreshRate: everyMinutes === null ? null : `PT${everyMinutes}M` }),
    ...(keepsAlarms !== undefined && { stripAlarms: keepsAlarms ? 0 : 1 }),
  }
}
