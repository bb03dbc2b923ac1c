import { z } from 'zod'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { findCollectionById } from '../../../storage/collections.ts'
import { removedThings } from '../../../storage/history/thing-revisions.ts'
import type { MaskId } from '../../../storage/ids.ts'
import { setHoldersOfMask, setRolesOfMask } from '../../../storage/roles/definitions.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import {
  bringBackMask,
  deleteMask,
  findMask,
  findMaskById,
  type MaskRow,
  saveMask,
} from '../../../storage/virtual/masks.ts'
import { AccountError } from '../accounts/account-error.ts'
import type { ThingKind, ThingRestore } from '../history/things/kinds.ts'
import { readState } from '../history/things/record.ts'
import { notThere } from '../people/asking.ts'
import { may, mustAdministerInPerson } from '../team/team-roles.ts'
import { toldHolders, toldRoles } from '../team/told.ts'
import { changing, checkMask, type MaskWish, rulesOf } from './edit-masks.ts'
import { parseMask } from './masks.ts'
import { writtenMask } from './schema.ts'

/** What masks hide, and from whom, in the history. */
export const maskThing: ThingKind = {
  kind: 'mask',
  isInPerson: true,
  find: async (reader, _session, name) => {
    const id = (await findMask(reader, name))?.id ?? (await formerId(reader, name))
    if (id === undefined) throw notThere()
    return { kind: 'mask', key: String(id), ownerId: null }
  },
  isThere: async (reader, session, { key }) =>
    (await may(reader, session, 'administer')) && (await findMaskById(reader, Number(key))) !== undefined,
  isShown: (reader, session) => may(reader, session, 'administer'),
  told,
  patch: async (tx, restore) => {
    const { id, name, rules } = await mustFind(tx, restore)
    const { holders, roles, ...wish } = readState(patches, restore.state)
    const now = parseMask(rules)
    const wanted = wishOf({ ...now, ...wish, hide: wish.hide ?? now.hide })
    await mustHide(tx, wanted)
    await changing(tx, restore.origin, async () => {
      await saveMask(tx, name, rulesOf(wanted))
      await setHolders(tx, id, { holders, roles })
    })
  },
  make: async (tx, restore) => {
    await mustAdministerInPerson(tx, restore.session)
    const { name, ...state } = readState(states, restore.state)
    if (await findMask(tx, name)) throw refuseStatus(409, `There is a mask "${name}" already.`)
    const wanted = wishOf(state)
    await mustHide(tx, wanted)
    const id = Number(restore.key)
    await changing(tx, restore.origin, async () => {
      await bringBackMask(tx, { id, name, rules: rulesOf(wanted) })
      await setHolders(tx, id, state)
    })
  },
  remove: async (tx, restore) => {
    const { id } = await mustFind(tx, restore)
    await changing(tx, restore.origin, () => deleteMask(tx, id))
  },
}

const ids = z.array(z.int())
const { hide, only, books } = writtenMask.shape
const states = z.object({
  ...{ name: z.string(), hide, only: only.nullable(), books: books.nullable() },
  ...{ holders: ids, roles: ids },
})
const patches = states.omit({ name: true }).partial()

/** The id of one that was removed, by what it was called. */
async function formerId(reader: Reader, name: string): Promise<MaskId | undefined> {
  const removed = await removedThings(reader, { kind: 'mask', ownerId: null }, { limit: mostRemoved })
  const found = removed.find(
    ({ beforeJson }) => readState(named, JSON.parse(beforeJson ?? '{}')).name === name,
  )
  return found && Number(found.key)
}

const named = z.object({ name: z.string() })
const mostRemoved = 1_000

async function told(reader: Reader, property: string, value: unknown): Promise<string | undefined> {
  if (value === null) return undefined
  if (property === 'holders') return toldHolders(reader, ids.parse(value))
  if (property === 'roles') return toldRoles(reader, ids.parse(value))
  if (property === 'books') return toldBooks(reader, ids.parse(value))
  return Array.isArray(value) ? value.join(', ') : String(value)
}

async function toldBooks(reader: Reader, of: readonly number[]): Promise<string> {
  const names: string[] = []
  for (const id of of) {
    const book = await findCollectionById(reader, id)
    if (book) names.push(book.displayname ?? book.name)
  }
  return names.join(', ')
}

async function mustFind(tx: Writer, restore: ThingRestore): Promise<MaskRow> {
  await mustAdministerInPerson(tx, restore.session)
  const mask = await findMaskById(tx, Number(restore.key))
  if (!mask) throw notThere()
  return mask
}

function wishOf(state: {
  readonly hide: readonly string[]
  readonly only?: readonly string[] | null | undefined
  readonly books?: readonly number[] | null | undefined
}): MaskWish {
  return {
    hide: state.hide,
    ...(state.only && { only: state.only }),
    ...(state.books && { books: state.books }),
  }
}

/** A rule that is none by now, or a book that is gone, would have it hide less, or nothing. @throws refusal 409 */
async function mustHide(tx: Writer, mask: MaskWish): Promise<void> {
  try {
    await checkMask(tx, mask)
  } catch (error) {
    if (error instanceof AccountError) throw refuseStatus(409, error.message)
    throw error
  }
}

/** Those of whom it is who are there still. */
async function setHolders(
  tx: Writer,
  id: MaskId,
  { holders, roles }: Pick<z.output<typeof patches>, 'holders' | 'roles'>,
): Promise<void> {
  if (holders) await setHoldersOfMask(tx, id, holders)
  if (roles) await setRolesOfMask(tx, id, roles)
}
