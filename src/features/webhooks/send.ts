import type { Settings } from '../../../config/defaults.ts'
import type { OutboxRow } from '../../../storage/events/outbox.ts'
import { findEvent } from '../../../storage/events/read-events.ts'
import {
  findWebhook,
  patchWebhook,
  setFailing,
  type WebhookRow,
  webhookKind,
} from '../../../storage/events/webhooks.ts'
import { addFactEvent } from '../../../storage/events.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { reachable } from '../../outbound/networks.ts'
import { type OutboundAnswer, OutboundError, sendBriefly } from '../../outbound/request.ts'
import type { Services } from '../../services.ts'
import type { Sender, SendOutcome } from '../outbox/sender.ts'
import { fillWebhooks } from './fill.ts'
import { readingOfOwner } from './owner.ts'
import { bodyOf, type Payload } from './payload.ts'
import { signatureHeaders } from './sign.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** Octets of an answer that are kept for the owner to see. */
const answerBytes = 1_000

/** Tells webhooks what happened: nine attempts within about a day. */
export const webhookSender: Sender = {
  kind: webhookKind,
  retryMs: [
    ...[10_000, minuteMs, 5 * minuteMs, 30 * minuteMs],
    ...[hourMs, 3 * hourMs, 6 * hourMs, 12 * hourMs],
  ],
  fill: fillWebhooks,
  send: async (services, row, signal) => {
    const { store, settings } = services
    const payload = JSON.parse(row.payload) as Payload
    const webhook = await store.read((reader) => allowed(reader, row, payload, settings))
    return typeof webhook === 'string'
      ? { kind: 'dropped', reason: webhook }
      : post(services, webhook, { id: row.key, body: bodyOf(payload) }, signal)
  },
  settled: async (tx, row, outcome, { settings, log }) => {
    const webhook = await findWebhook(tx, Number(row.target))
    if (!webhook || outcome.kind === 'dropped') return
    if (outcome.kind === 'sent') return setFailing(tx, webhook.id, null)
    await setFailing(tx, webhook.id, tx.now)
    const since = webhook.failingSince ?? tx.now
    const isLong = tx.now - since > settings.webhooks.disableAfterDays * dayMs
    if (webhook.isActive === 0 || (outcome.kind !== 'refused' && !isLong)) return
    log.warn({ webhook: webhook.id, reason: outcome.reason }, 'a webhook was switched off')
    await disable(tx, webhook, isLong ? `Nothing has arrived for days: ${outcome.reason}` : outcome.reason)
  },
}

/** @returns the webhook; or why it is not to be told */
async function allowed(
  reader: Reader,
  row: OutboxRow,
  { event }: Payload,
  settings: Settings,
): Promise<WebhookRow | string> {
  const webhook = await findWebhook(reader, Number(row.target))
  if (!webhook) return 'There is no such webhook any more.'
  if (webhook.isActive === 0) return 'The webhook is switched off.'
  const reading = await readingOfOwner(reader, webhook, settings)
  const isSeen = reading && (await findEvent(reader, event, reading))
  return isSeen ? webhook : 'Its owner may not read any more what it is about, or it is too long ago.'
}

async function post(
  { settings, now }: Services,
  { url, secret, oldSecret, oldUntil }: WebhookRow,
  { id, body }: { readonly id: string; readonly body: string },
  signal: AbortSignal,
): Promise<SendOutcome> {
  const { privateNetworks, answerMs } = settings.webhooks
  const at = now()
  const secrets = oldSecret !== null && (oldUntil ?? 0) > at ? [secret, oldSecret] : [secret]
  const late = AbortSignal.timeout(answerMs)
  try {
    const answer = await sendBriefly({
      method: 'POST',
      url: new URL(url),
      headers: {
        'Content-Type': 'application/json',
        'User-Agent': 'Farley (webhook)',
        ...signatureHeaders({ id, at, body }, secrets),
      },
      body,
      mayReach: reachable(privateNetworks),
      maxBytes: answerBytes,
      signal: AbortSignal.any([signal, late]),
    })
    return judge(answer, at)
  } catch (error) {
    if (late.aborted && !signal.aborted) {
      return { kind: 'failed', reason: `There was no answer for ${answerMs / 1_000} seconds.` }
    }
    if (error instanceof OutboundError) return { kind: 'failed', reason: error.message }
    throw error
  }
}

/** @see RFC 9110 §15.5.11 for an address that is gone for good, §10.2.3 for Retry-After */
function judge({ status, headers, body }: OutboundAnswer, now: number): SendOutcome {
  const said = { status, answer: body.toString('utf8').replaceAll('\0', '') }
  if (status >= 200 && status < 300) return { kind: 'sent', ...said }
  const reason = `The answer was ${status}.`
  if (status === 410) return { kind: 'refused', reason, ...said }
  const after = headers['retry-after']?.trim() ?? ''
  const retryInMs = /^\d{1,7}$/.test(after) ? Number(after) * 1_000 : Date.parse(after) - now
  return Number.isFinite(retryInMs) && retryInMs > 0
    ? { kind: 'failed', reason, retryInMs: Math.min(retryInMs, dayMs), ...said }
    : { kind: 'failed', reason, ...said }
}

/** It is told no more until its owner says so, who is told of it in another way. */
async function disable(tx: Writer, { id, principalId }: WebhookRow, disabledReason: string): Promise<void> {
  await patchWebhook(tx, id, { isActive: 0, disabledAt: tx.now, disabledReason })
  const about = { kind: 'webhook', id }
  await addFactEvent(tx, { kind: 'webhook-disabled', readers: [principalId], about }, { kind: 'job' })
}
