import { z } from 'zod'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { listOutbox, type OutboxRow, replayFailed, replayOutbox } from '../../../storage/events/outbox.ts'
import { listWebhooks, removeWebhook, targetOf, type WebhookRow } from '../../../storage/events/webhooks.ts'
import { checkMatch, etagOfVersion } from '../../api/conditions.ts'
import { page, readCursor } from '../../api/cursor.ts'
import { change, idIn, look, type Route } from '../../api/route.ts'
import type { Payload } from './payload.ts'
import {
  delivery,
  deliveryPage,
  deliveryQuery,
  newWebhook,
  replayed,
  replayWish,
  webhook,
  webhookChange,
  webhookList,
  webhookWithSecret,
} from './schema.ts'
import { changeWebhook, makeWebhook, mustFindWebhook, mustReadAll, rotateSecret } from './webhooks.ts'

const scope = 'account'
const affects = 'facts'

/** Addresses that are told what happens. */
export const webhookRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/webhooks', summary: 'My webhooks', scope },
    { reply: webhookList },
    async ({ store, session }) => {
      const rows = await store.read((reader) => listWebhooks(reader, session.principal.id))
      return { body: { webhooks: rows.map(shownWebhook) } }
    },
  ),
  change(
    {
      ...{ method: 'POST', path: '/webhooks', scope, affects, isSecret: true },
      summary: 'Have an address told what happens; its secret is shown this once',
    },
    { body: newWebhook, reply: webhookWithSecret, statuses: [201] },
    async (tx, { session, body, settings }) => {
      mustReadAll(session)
      const row = await makeWebhook(tx, session, body, settings)
      return { etag: etagOfVersion(row.version), body: { ...shownWebhook(row), secret: row.secret } }
    },
  ),
  look(
    { method: 'GET', path: '/webhooks/:id', summary: 'One of them', scope },
    { reply: webhook },
    async (call) => {
      const { store, session } = call
      const row = await store.read((reader) => mustFindWebhook(reader, session.principal.id, idIn(call)))
      return { etag: etagOfVersion(row.version), body: shownWebhook(row) }
    },
  ),
  change(
    { method: 'PATCH', path: '/webhooks/:id', summary: 'Change it, or switch it on or off', scope, affects },
    { body: webhookChange, reply: webhook },
    async (tx, call) => {
      mustReadAll(call.session)
      const { id } = call.session.principal
      const row = await mustFindWebhook(tx, id, idIn(call))
      checkMatch(call, etagOfVersion(row.version))
      await changeWebhook(tx, row, call.body, call.settings)
      const changed = await mustFindWebhook(tx, id, row.id)
      return { etag: etagOfVersion(changed.version), body: shownWebhook(changed) }
    },
  ),
  change(
    { method: 'DELETE', path: '/webhooks/:id', summary: 'Tell it nothing any more', scope, affects },
    {},
    async (tx, call) => {
      const row = await mustFindWebhook(tx, call.session.principal.id, idIn(call))
      checkMatch(call, etagOfVersion(row.version))
      await removeWebhook(tx, row)
      return {}
    },
  ),
  change(
    {
      ...{ method: 'POST', path: '/webhooks/:id/rotate', scope, affects, isSecret: true },
      summary: 'Give it another secret; the one of before signs too for a while',
    },
    { reply: webhookWithSecret },
    async (tx, call) => {
      const { id } = call.session.principal
      const row = await mustFindWebhook(tx, id, idIn(call))
      checkMatch(call, etagOfVersion(row.version))
      const secret = await rotateSecret(tx, row, call.settings)
      const changed = await mustFindWebhook(tx, id, row.id)
      return { etag: etagOfVersion(changed.version), body: { ...shownWebhook(changed), secret } }
    },
  ),
  look(
    { method: 'GET', path: '/webhooks/:id/deliveries', summary: 'What it was told, the latest first', scope },
    { query: deliveryQuery, reply: deliveryPage },
    async (call) => {
      const { store, session, query } = call
      const { limit, state, cursor } = query
      const [before] = readCursor(cursor, z.tuple([z.int()])) ?? []
      const rows = await store.read(async (reader) => {
        const row = await mustFindWebhook(reader, session.principal.id, idIn(call))
        return listOutbox(reader, targetOf(row), { state, before, limit: limit + 1 })
      })
      return { body: page(rows, limit, { keyOf: ({ id }) => [id], shown: shownDelivery }) }
    },
  ),
  change(
    {
      ...{ method: 'POST', path: '/webhooks/:id/deliveries/:delivery/replay', scope, affects },
      summary: 'Tell it this again',
    },
    { reply: delivery },
    async (tx, call) => {
      const row = await mustFindWebhook(tx, call.session.principal.id, idIn(call))
      const id = /^\d{1,15}$/.test(call.params.delivery ?? '') ? Number(call.params.delivery) : 0
      const again = await replayOutbox(tx, targetOf(row), id)
      if (!again) throw refuseStatus(404, 'There is no such delivery.')
      return { body: shownDelivery(again) }
    },
  ),
  change(
    {
      ...{ method: 'POST', path: '/webhooks/:id/replay', scope, affects },
      summary: 'Tell it again all that did not arrive since a time',
    },
    { body: replayWish, reply: replayed },
    async (tx, call) => {
      const row = await mustFindWebhook(tx, call.session.principal.id, idIn(call))
      return { body: { replayed: await replayFailed(tx, targetOf(row), Date.parse(call.body.since)) } }
    },
  ),
]

function time(at: number): string {
  return new Date(at).toISOString()
}

const timeOrNull = (at: number | null): string | null => (at === null ? null : time(at))

function shownWebhook(row: WebhookRow): z.infer<typeof webhook> {
  const list = (json: string | null) => (json === null ? null : JSON.parse(json))
  const { id, url, description, version, disabledReason } = row
  return {
    ...{ id, url, description, active: row.isActive === 1 },
    ...{ kinds: list(row.kinds), collections: list(row.collections), parties: list(row.parties) },
    ...{ disabledAt: timeOrNull(row.disabledAt), disabledReason, failingSince: timeOrNull(row.failingSince) },
    ...{ version, createdAt: time(row.createdAt), changedAt: time(row.changedAt) },
  }
}

function shownDelivery(row: OutboxRow): z.infer<typeof delivery> {
  const { id, key, state, attempts, lastError, answerStatus, answer } = row
  const { change: told } = JSON.parse(row.payload) as Payload
  return {
    ...{ id, message: key, kind: told.kind, state, attempts, createdAt: time(row.createdAt) },
    ...{ nextAt: state === 'waiting' ? time(row.nextAt) : null, endedAt: timeOrNull(row.endedAt) },
    ...{ error: lastError, answerStatus, answer },
  }
}
