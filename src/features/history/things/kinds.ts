import type { ThingId, ThingKindName, ThingRevisionRow } from '../../../../storage/history/thing-revisions.ts'
import type { Origin } from '../../../../storage/origin.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import type { Area } from '../../../api/schema.ts'
import type { Session } from '../../../auth/session.ts'
import type { Services } from '../../../services.ts'
import { accountThing, groupThing, roomThing } from '../../accounts/principal-thing.ts'
import { fieldThing } from '../../fields/field-thing.ts'
import { folderShareThing } from '../../files/sharing/share-thing.ts'
import { grantThing } from '../../grants/grant-thing.ts'
import { labelThing } from '../../labels/label-thing.ts'
import { maskThing } from '../../masks/mask-thing.ts'
import { shareThing } from '../../sharing/share-thing.ts'
import { listThing } from '../../smart-lists/list-thing.ts'
import { roleThing } from '../../team/role-thing.ts'
import type { ThingState } from './record.ts'

/** Something that is to be again as it was. */
export interface ThingRestore extends Pick<Services, 'settings' | 'newId' | 'now'> {
  readonly session: Session
  readonly key: string
  /** All of it, where it is to be there again; what is to be otherwise of one that is there; nothing of one that is to go. */
  readonly state: ThingState
  readonly origin: Origin
  /** What it has to do with cards is undone with them. */
  readonly isUndo: boolean
}

/** How the history treats one kind of thing. */
export interface ThingKind {
  readonly kind: ThingKindName
  /** Whether only whoever signs in with the password of the account makes it otherwise. */
  readonly isInPerson?: boolean
  /** What a token has to be for, beside what it is asked by. */
  readonly areas?: readonly Area[]
  /** Properties that are lists of ids, of which only what came and what went is told. */
  readonly lists?: readonly string[]
  /** Which one somebody means by what stands in the path; it may be gone by now. @throws refusal 404 */
  readonly find: (reader: Reader, session: Session, name: string) => Promise<ThingId>
  /** Whether it is there now for whoever asks. */
  readonly isThere: (reader: Reader, session: Session, thing: ThingId) => Promise<boolean>
  /** Whether somebody is shown what became of one that is gone. @param last  what is known of it */
  readonly isShown: (reader: Reader, session: Session, thing: ThingId, last: ThingState) => Promise<boolean>
  /** How its address ends, where that is not its key. */
  readonly addressOf?: (reader: Reader, key: string) => Promise<string>
  /** A property in words: the names of whom and what it names, as far as they are seen; undefined for what is of no use to people. */
  readonly told: (
    reader: Reader,
    property: string,
    value: unknown,
    state: ThingState,
    session: Session,
  ) => Promise<string | undefined>
  /** Each is an ordinary change, which is recorded like others. @throws refusal where it cannot be, with why */
  readonly patch: (tx: Writer, restore: ThingRestore) => Promise<void>
  readonly make: (tx: Writer, restore: ThingRestore) => Promise<void>
  readonly remove: (tx: Writer, restore: ThingRestore) => Promise<void>
}

export const thingKinds: readonly ThingKind[] = [
  ...[labelThing, listThing, fieldThing, grantThing],
  ...[roleThing, maskThing],
  ...[accountThing, groupThing, roomThing],
  ...[shareThing, folderShareThing],
]

export function thingKindOf(kind: ThingKindName): ThingKind {
  const found = thingKinds.find((one) => one.kind === kind)
  if (!found) throw new Error(`Nothing is known of ${kind}.`)
  return found
}

/** Both states of a change. */
export function thingStatesOf({
  beforeJson,
  afterJson,
}: Pick<ThingRevisionRow, 'beforeJson' | 'afterJson'>): {
  readonly before: ThingState | undefined
  readonly after: ThingState | undefined
} {
  return { before: read(beforeJson), after: read(afterJson) }
}

function read(json: string | null): ThingState | undefined {
  return json === null ? undefined : (JSON.parse(json) as ThingState)
}
