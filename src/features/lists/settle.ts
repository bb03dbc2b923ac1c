import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'
import type { Settings } from '../../../config/defaults.ts'
import { memberKey } from '../../../protocol/vcard/lists.ts'
import { findCollectionById } from '../../../storage/collections.ts'
import { lockFeed } from '../../../storage/feeds.ts'
import { groupsNamed } from '../../../storage/lists/list-queries.ts'
import {
  markUnsettled,
  nameOfUnsettled,
  readUnsettled,
  settleJobKind,
  type Unsettled,
  uidsUngrouped,
  uidsUnlabelled,
  unsettledIn,
} from '../../../storage/lists/unsettled.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Writer } from '../../../storage/store.ts'
import { dropJob } from '../../../storage/upkeep/jobs.ts'
import type { Services } from '../../services.ts'
import { makeGroup, type Patched, patchGroup } from './patch.ts'

/** So that writes of clients come between. */
const pauseMs = 5

/**
 * Has group cards of these names written once for all that is still done under the same request id: see `settleLists`.
 * @param former  what they are still called on cards until then
 */
export async function unsettle(
  tx: Writer,
  { collection: { id }, origin }: Patched,
  names: Iterable<string>,
  former?: string,
): Promise<void> {
  for (const label of names) await markUnsettled(tx, { id, label, run: origin.requestId ?? '', former })
}

/** Writes the group cards that wait since something was done, which is over by now. @param origin  of all that was done */
export async function settleRun(
  services: Pick<Services, 'store' | 'settings'>,
  origin: Origin,
): Promise<void> {
  const keys = await services.store.read((reader) => unsettledIn(reader, origin.requestId ?? ''))
  await settleLists(services, origin, keys)
}

/** Writes the group cards that wait for it, each once. @param keys  of the jobs that would do it, and are not needed then */
export async function settleLists(
  { store, settings }: Pick<Services, 'store' | 'settings'>,
  origin: Origin,
  keys: readonly string[],
): Promise<void> {
  const settled = new Set<string>()
  for (const key of keys) {
    const list = readUnsettled(key.slice(settleJobKind.length + 1))
    const name = `${list.collectionId}/${list.hash}`
    await store.write(async (tx) => {
      if (!settled.has(name)) await settleList(tx, list, origin, settings)
      await dropJob(tx, key)
    })
    settled.add(name)
    await wait(pauseMs)
  }
}

/** Brings the group cards of one list in line with what the cards of people say. */
async function settleList(
  tx: Writer,
  unsettled: Unsettled,
  origin: Origin,
  settings: Settings,
): Promise<void> {
  const collection = await findCollectionById(tx, unsettled.collectionId)
  if (!collection) return
  await lockFeed(tx, collection.feedId)
  const name = await nameOfUnsettled(tx, unsettled)
  if (name === undefined) return
  const patched = { collection, origin }
  const groups = await groupsNamed(tx, collection.id, [name])
  const missing = keysOf(await uidsUngrouped(tx, collection.id, name))
  const [first] = groups
  await nextTurn()
  if (!first && missing.size > 0) return makeGroup(tx, patched, name, [...missing], settings)
  for (const group of groups) {
    const without = keysOf(await uidsUnlabelled(tx, collection.id, group.id, name))
    await nextTurn()
    const adding = group === first ? missing : new Set<string>()
    if (adding.size + without.size > 0) await patchGroup(tx, patched, group, { adding, without }, settings)
  }
}

function keysOf(uids: readonly string[]): ReadonlySet<string> {
  return new Set(uids.flatMap((uid) => memberKey(uid) ?? []))
}
