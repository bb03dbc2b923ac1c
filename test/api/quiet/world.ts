import { type Device, deviceOf } from '../../dav/devices.ts'
import { card, event } from '../../dav/objects.ts'
import type { Account, TestServer } from '../../dav/server.ts'
import { labelBook } from '../../dav/virtual/books.ts'
import { masked, sharedWith } from '../../dav/virtual/masked.ts'
import { company, person } from '../../features/facts/world.ts'
import { idOf } from '../../features/history/world.ts'
import { call } from '../json.ts'

/**
 * Somebody with people, and a colleague who has them three times: shared under a mask, as a virtual book, and as a calendar
 * of birthdays.
 */
export interface World {
  readonly server: TestServer
  readonly alice: Account
  readonly bob: Account
  readonly phone: Device
  readonly jane: number
  readonly acme: number
  readonly group: number
  /** An event of alice. */
  readonly object: number
}

export async function makeWorld(server: TestServer): Promise<World> {
  const [alice, bob] = [await server.account(), await server.account()]
  const jane = await person(alice, 'Jane', ['BDAY:19900517', 'CATEGORIES:friend', 'NOTE:hers', 'TEL:+49301'])
  const [acme, group] = [await company(alice, 'Acme'), await company(alice, 'Group')]
  const path = `${alice.calendar}e.ics`
  await alice.put(path, event('e'))
  await sharedWith(alice, bob)
  await masked(server, { hide: ['NOTE'] }, bob)
  await labelBook(server, { viewer: bob, owner: alice, label: 'friend' })
  await call(bob, 'POST', '/birthdays', {})
  const object = await idOf(server, path)
  return { server, alice, bob, phone: await deviceOf(server, alice, 'other'), jane, acme, group, object }
}

/** Stores a card of alice. @returns whose it is */
export async function putOf({ alice }: World, uid: string, fn: string, extra: readonly string[] = []) {
  const answer = await alice.put(`${alice.contacts}${uid}.vcf`, card(uid, fn, extra))
  if (answer.status >= 300) throw new Error(answer.text)
}
