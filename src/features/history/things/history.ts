import { refuse } from '../../../../protocol/dav/preconditions.ts'
import { findMakers, type Makers } from '../../../../storage/history/object-revisions.ts'
import {
  listThingRevisions,
  type ThingId,
  type ThingRevisionRow,
} from '../../../../storage/history/thing-revisions.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import { mustBeAllowed } from '../../../api/scopes.ts'
import type { Session } from '../../../auth/session.ts'
import { notThere } from '../readable.ts'
import { type ThingKind, type ThingRestore, thingStatesOf } from './kinds.ts'
import type { ThingState } from './record.ts'

/** A property that a change names, in words. */
export interface ToldProperty {
  readonly property: string
  readonly before: string | null
  readonly after: string | null
}

export interface ToldThingChange {
  readonly revision: ThingRevisionRow
  readonly how: 'added' | 'changed' | 'removed'
  readonly changes: readonly ToldProperty[]
}

/** Which thing a path means, of which somebody is shown what became of it, one that is gone too. @throws refusal 404 */
async function mustSee(reader: Reader, session: Session, kind: ThingKind, name: string): Promise<ThingId> {
  const thing = await kind.find(reader, session, name)
  if (await kind.isThere(reader, session, thing)) return thing
  const [last] = await listThingRevisions(reader, thing, { limit: 1 })
  const { before, after } = last ? thingStatesOf(last) : {}
  const state = after ?? before
  if (!state || !(await kind.isShown(reader, session, thing, state))) throw notThere()
  return thing
}

/** What became of something, the newest change first; one more than asked for where there are more. */
export async function listThingChanges(
  reader: Reader,
  session: Session,
  { kind, name }: { readonly kind: ThingKind; readonly name: string },
  options: { readonly before: number | undefined; readonly limit: number },
): Promise<{ readonly changes: readonly ToldThingChange[]; readonly makers: Makers }> {
  const thing = await mustSee(reader, session, kind, name)
  const rows = await listThingRevisions(reader, thing, { ...options, limit: options.limit + 1 })
  const changes: ToldThingChange[] = []
  for (const revision of rows) changes.push(await told(reader, session, kind, revision))
  return { changes, makers: await findMakers(reader, rows) }
}

async function told(
  reader: Reader,
  session: Session,
  kind: ThingKind,
  revision: ThingRevisionRow,
): Promise<ToldThingChange> {
  const { before, after } = thingStatesOf(revision)
  const how = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'
  const say = async (state: ThingState | undefined, property: string): Promise<string | null> =>
    (state && (await kind.told(reader, property, state[property], state, session))) ?? null
  const changes: ToldProperty[] = []
  for (const property of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])) {
    const [old, now] = kind.lists?.includes(property) ? apart(before, after, property) : [before, after]
    const one = { property, before: await say(old, property), after: await say(now, property) }
    if (one.before !== one.after) changes.push(one)
  }
  return { revision, how, changes }
}

/** Of two lists of ids what is in one of them alone. */
function apart(
  before: ThingState | undefined,
  after: ThingState | undefined,
  property: string,
): [ThingState | undefined, ThingState | undefined] {
  const [old, now] = [before?.[property], after?.[property]]
  if (!Array.isArray(old) || !Array.isArray(now)) return [before, after]
  const [were, are] = [new Set<unknown>(old), new Set<unknown>(now)]
  return [
    { ...before, [property]: old.filter((id) => !are.has(id)) },
    { ...after, [property]: now.filter((id) => !were.has(id)) },
  ]
}

/** Makes what one change named as it was before it. @throws refusal 404, need-privileges; and what the kind throws */
export async function restoreThing(
  tx: Writer,
  {
    kind,
    name,
    revisionId,
  }: { readonly kind: ThingKind; readonly name: string; readonly revisionId: number },
  restore: Omit<ThingRestore, 'key' | 'state' | 'isUndo'>,
): Promise<void> {
  const { session } = restore
  const thing = await mustSee(tx, session, kind, name)
  const [revision] = await listThingRevisions(tx, thing, { before: revisionId + 1, limit: 1 })
  if (revision?.id !== revisionId) throw notThere()
  if (session.scope !== 'write')
    throw refuse('need-privileges', { message: 'You may look at it, and not change it.' })
  const { before } = thingStatesOf(revision)
  const isThere = await kind.isThere(tx, session, thing)
  await settleThing(tx, kind, { ...restore, key: thing.key, isUndo: false }, { before, isThere })
}

/** Makes it as it was: takes it away, makes it again, or changes what is there; what is so already stays. */
export async function settleThing(
  tx: Writer,
  kind: ThingKind,
  restore: Omit<ThingRestore, 'state'>,
  { before, isThere }: { readonly before: ThingState | undefined; readonly isThere: boolean },
): Promise<void> {
  for (const area of kind.areas ?? []) mustBeAllowed(restore.session, area)
  if (before === undefined) {
    if (isThere) await kind.remove(tx, { ...restore, state: {} })
  } else if (isThere) await kind.patch(tx, { ...restore, state: before })
  else await kind.make(tx, { ...restore, state: before })
}
