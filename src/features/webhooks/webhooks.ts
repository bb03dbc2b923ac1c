import { isIP } from 'node:net'
import type { z } from 'zod'
import type { Settings } from '../../../config/defaults.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { lastPosition } from '../../../storage/events/position.ts'
import {
  addWebhook,
  findWebhook,
  listWebhooks,
  patchWebhook,
  type WebhookPatch,
  type WebhookRow,
} from '../../../storage/events/webhooks.ts'
import type { PrincipalId, WebhookId } from '../../../storage/ids.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { reachable } from '../../outbound/networks.ts'
import { allows } from '../tokens/tokens.ts'
import type { newWebhook, webhookChange } from './schema.ts'
import { newSecret } from './sign.ts'

const hourMs = 3_600_000

/** Makes a webhook that is told what happens from now on. @throws refusal 403, 422 */
export async function makeWebhook(
  tx: Writer,
  { principal: { id: principalId } }: Session,
  wish: z.infer<typeof newWebhook>,
  { webhooks: settings }: Settings,
): Promise<WebhookRow> {
  checkUrl(wish.url, settings)
  if ((await listWebhooks(tx, principalId)).length >= settings.perAccount)
    throw refuseStatus(422, `An account may have ${settings.perAccount} webhooks: remove one first.`)
  const { url, description, active } = wish
  const lists = {
    kinds: keptList(wish.kinds),
    collections: keptList(wish.collections),
    parties: keptList(wish.parties),
  }
  return addWebhook(
    tx,
    { principalId, url, description, ...lists, secret: newSecret(), isActive: active ? 1 : 0 },
    await lastPosition(tx),
  )
}

/** Changes one. Switched on again, it is told what happens from now on; what it has missed can be sent again. */
export async function changeWebhook(
  tx: Writer,
  webhook: WebhookRow,
  change: z.infer<typeof webhookChange>,
  { webhooks: settings }: Settings,
): Promise<void> {
  const { url, description, active } = change
  if (url !== undefined) checkUrl(url, settings)
  const isResumed = active === true && webhook.isActive === 0
  const from = isResumed ? await lastPosition(tx) : undefined
  const patch: WebhookPatch = {
    ...changedLists(change),
    ...(url === undefined ? {} : { url }),
    ...(description === undefined ? {} : { description }),
    ...(active === undefined ? {} : { isActive: active ? 1 : 0 }),
    ...(from === undefined
      ? {}
      : {
          disabledAt: null,
          disabledReason: null,
          failingSince: null,
          cursorXact: from.xact,
          cursorId: from.id,
        }),
  }
  await patchWebhook(tx, webhook.id, patch)
}

/** Gives a webhook another secret; that of before signs too for a while. @returns the new one */
export async function rotateSecret(
  tx: Writer,
  { id, secret: oldSecret }: WebhookRow,
  { webhooks: settings }: Settings,
): Promise<string> {
  const secret = newSecret()
  await patchWebhook(tx, id, { secret, oldSecret, oldUntil: tx.now + settings.oldSecretHours * hourMs })
  return secret
}

/** @throws refusal 404 where the account has none of that id */
export async function mustFindWebhook(
  reader: Reader,
  principalId: PrincipalId,
  id: WebhookId,
): Promise<WebhookRow> {
  const found = await findWebhook(reader, id)
  if (found?.principalId !== principalId) throw refuseStatus(404, 'There is no such webhook.')
  return found
}

/** A webhook is told of all that its owner reads, for as long as it is there. @throws refusal 403 */
export function mustReadAll({ token }: Session): void {
  const isEnough =
    !token || ['people', 'calendars', 'files'].every((area) => allows(token.scopes, area, 'read'))
  if (!isEnough)
    throw refuseStatus(403, 'A token makes webhooks only if it may read people, calendars and files.')
}

/** An address by its number is judged at once; a name each time that something is sent. */
function checkUrl(text: string, { privateNetworks }: Settings['webhooks']): void {
  const host = new URL(text).hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIP(host) !== 0 && !reachable(privateNetworks)(host))
    throw refuseStatus(422, `${host} is not a public address: see webhooks.privateNetworks.`)
}

/** As it is kept. */
function keptList(list: readonly unknown[] | null): string | null {
  return list === null ? null : JSON.stringify(list)
}

function changedLists({ kinds, collections, parties }: z.infer<typeof webhookChange>): WebhookPatch {
  return {
    ...(kinds === undefined ? {} : { kinds: keptList(kinds) }),
    ...(collections === undefined ? {} : { collections: keptList(collections) }),
    ...(parties === undefined ? {} : { parties: keptList(parties) }),
  }
}
