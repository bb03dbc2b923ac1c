import { addMember, createGroup, findGroup, removeMember } from '../../src/features/accounts/groups.ts'
import { findAnybody } from '../../src/features/accounts/named.ts'
import { createBookable } from '../../src/features/accounts/rooms.ts'
import { addDelegate } from '../../src/features/rights/delegates.ts'
import type { Sharing } from '../../src/features/sharing/sharing.ts'
import type { TestServer } from './server.ts'

interface Named {
  readonly name: string
}

/** A group that was made for a test. */
export interface Group extends Named {
  readonly principal: string
}

const sharingOf = ({ services: { settings, newId } }: TestServer): Sharing => ({
  origin: { kind: 'job' },
  settings,
  newId,
})

/** Makes a group of these members. */
export async function group(server: TestServer, name: string, ...members: readonly Named[]): Promise<Group> {
  await server.services.store.write((tx) => createGroup(tx, { name }))
  for (const member of members) await join(server, name, member.name)
  return { name, principal: `/dav/principals/${name}/` }
}

export function join(server: TestServer, name: string, member: string): Promise<void> {
  return server.services.store.write(async (tx) =>
    addMember(tx, await findGroup(tx, name), await findAnybody(tx, member), sharingOf(server)),
  )
}

export function leave(server: TestServer, name: string, member: string): Promise<void> {
  return server.services.store.write(async (tx) =>
    removeMember(tx, await findGroup(tx, name), await findAnybody(tx, member), sharingOf(server)),
  )
}

/** Makes a room, with a calendar at the path that is given back. */
export async function room(
  server: TestServer,
  name: string,
): Promise<{ principal: string; calendar: string }> {
  const { services } = server
  await services.store.write((tx) => createBookable(tx, 'room', { name }, services))
  return { principal: `/dav/principals/${name}/`, calendar: `/dav/calendars/${name}/calendar/` }
}

/** Makes somebody another's delegate. */
export function delegate(
  server: TestServer,
  owner: string,
  to: string,
  mode: 'read' | 'write',
): Promise<void> {
  const { store, settings } = server.services
  return store.write(async (tx) =>
    addDelegate(tx, await findAnybody(tx, owner), await findAnybody(tx, to), mode, settings),
  )
}
