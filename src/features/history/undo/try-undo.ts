import { collectionsDeletedBy } from '../../../../storage/history/object-revisions.ts'
import type { ObjectId } from '../../../../storage/ids.ts'
import { readBody } from '../../../../storage/objects.ts'
import type { Reader, Store } from '../../../../storage/store.ts'
import type { Session } from '../../../auth/session.ts'
import type { Services } from '../../../services.ts'
import { bodyText } from '../../bodies.ts'
import { summaryOf } from '../../trash/summary.ts'
import { shownText, sightsOf } from '../shown.ts'
import { factsToUndo } from './beside.ts'
import { ledBack } from './led-back.ts'
import { madeCollections } from './made-collections.ts'
import { type Plan, planUndo } from './plan.ts'
import { isMeantBy, objectsToUndo, pastsOf, type UndoSource } from './selection.ts'
import { type DoneFile, tryFiles } from './undo-files.ts'
import {
  clashNote,
  isReadable,
  judgeUndo,
  type ObjectPast,
  placeOf,
  type Undoing,
  type Undone,
} from './undo-object.ts'
import { judgeProperties, propertiesToUndo } from './undo-properties.ts'
import { thingsToUndo } from './undo-things.ts'

/** What would become of one object. */
export interface TriedItem extends Pick<Undone, 'outcome' | 'note'> {
  /** Undefined for a collection, a folder, a file, and a fact beside cards. */
  readonly objectId: ObjectId | undefined
  readonly name: string
  readonly component: string
  /** What people call it. */
  readonly title: string
  readonly collection: string
}

export interface Trial {
  readonly counts: Readonly<Record<Undone['outcome'], number>>
  /** The first of them, without those that would stay as they are anyway. */
  readonly items: readonly TriedItem[]
}

/** What an undo would do; nothing is written. That something stands in the way of a name shows only when it is done. */
export async function tryUndo(
  services: Pick<Services, 'settings' | 'now' | 'newId'> & { readonly store: Pick<Store, 'read' | 'write'> },
  session: Session,
  source: UndoSource,
): Promise<Trial> {
  const { store, settings, now } = services
  const { undoneObjects, triedItems } = settings.limits
  const objects = await store.read((reader) => objectsToUndo(reader, source, undoneObjects))
  const undoing: Undoing = { session, settings, now, origin: { kind: 'restore' }, places: new Map() }
  const isMeant = isMeantBy(source)
  const counts = { created: 0, updated: 0, removed: 0, unchanged: 0, skipped: 0 }
  const items: TriedItem[] = []
  for (let at = 0; at < objects.length; at += pageObjects) {
    await store.read(async (reader) => {
      for (const past of await pastsOf(reader, objects.slice(at, at + pageObjects))) {
        const undone = await judge(reader, undoing, past, planUndo(past.revisions, past.now, isMeant))
        counts[undone.outcome] += 1
        if (undone.outcome !== 'unchanged' && items.length < triedItems)
          items.push(await itemOf(reader, undoing, past, undone))
      }
    })
  }
  const files = (await tryFiles(services, session, source)).map(triedFile)
  const renamed = await triedProperties(services, undoing, source)
  for (const item of [...renamed, ...files, ...(await besidesOf(store, session, source, undoneObjects))]) {
    counts[item.outcome] += 1
    if (item.outcome !== 'unchanged' && items.length < triedItems) items.push(item)
  }
  return { counts, items }
}

function triedProperties(
  { store, settings }: Parameters<typeof tryUndo>[0],
  undoing: Undoing,
  source: UndoSource,
): Promise<TriedItem[]> {
  const asked = { author: undoing.session.principal.id, most: settings.limits.undoneObjects }
  return store.read(async (reader) => {
    const tried: TriedItem[] = []
    for (const one of await propertiesToUndo(reader, source, asked)) {
      const { undone, name } = await judgeProperties(reader, undoing, one)
      const { outcome, note } = undone
      const plain = { objectId: undefined, component: 'PROPERTIES', title: '', collection: name }
      tried.push({ ...plain, outcome, note, name })
    }
    return tried
  })
}

function triedFile({ folder, ...file }: DoneFile): TriedItem {
  return { ...file, objectId: undefined, title: '', collection: folder }
}

/** The collections and the facts that it would lead back. */
function besidesOf(
  store: Pick<Store, 'read'>,
  { principal }: Session,
  source: UndoSource,
  most: number,
): Promise<TriedItem[]> {
  return store.read(async (reader) => {
    const collections =
      'device' in source ? await collectionsDeletedBy(reader, principal.id, source.device) : []
    const facts = await factsToUndo(reader, source, most)
    const things = await thingsToUndo(reader, source, { author: principal.id, most })
    const made = await madeCollections(reader, principal.id, source)
    const plain = { objectId: undefined, note: '', collection: '' }
    return [
      ...collections.map(({ name, kind }): TriedItem => {
        return { ...plain, outcome: 'created', name, component: kind, title: '', collection: name }
      }),
      ...made.map(({ name, kind }): TriedItem => {
        return { ...plain, outcome: 'removed', name, component: kind, title: '', collection: name }
      }),
      ...facts.map(({ place, name }): TriedItem => {
        return { ...plain, outcome: 'updated', name, component: 'FACT', title: place }
      }),
      ...things.map(({ place, name, meant }): TriedItem => {
        const outcome = meant[0]?.beforeJson === null ? 'removed' : 'updated'
        return { ...plain, outcome, name, component: 'THING', title: place }
      }),
    ]
  })
}

const pageObjects = 100

async function judge(reader: Reader, undoing: Undoing, past: ObjectPast, plan: Plan): Promise<Undone> {
  const judged = await judgeUndo(reader, undoing, past, plan)
  if (judged) return judged
  if (plan.kind !== 'lead back') return { outcome: 'removed', note: '' }
  const { now } = past
  const [latest] = plan.runs
  const outcome = plan.deletion ? 'created' : 'updated'
  // Where nobody has changed it since there is nothing to compare.
  if (!now || !latest || (plan.runs.length === 1 && latest.base === now.bodyId)) return { outcome, note: '' }
  const led = await ledBack(reader, now, plan.runs, undoing.settings)
  if (led.kind === 'not') return { outcome: plan.place ? outcome : 'skipped', note: led.reason }
  const note = led.clashes.length > 0 ? clashNote(led.clashes) : ''
  if (led.etag !== now.etag || plan.place) return { outcome, note }
  return { outcome: note === '' ? 'unchanged' : 'skipped', note }
}

async function itemOf(
  reader: Reader,
  undoing: Undoing,
  past: ObjectPast,
  { outcome, note }: Undone,
): Promise<TriedItem> {
  const last = past.revisions.at(-1)
  const component = last?.component ?? ''
  if (!(await isReadable(reader, undoing, past)))
    return { ...{ objectId: past.id, outcome, note, component }, name: '', title: '', collection: '' }
  const here = last && (await placeOf(reader, undoing, last.collectionId))
  const sights = await sightsOf(reader, undoing.session, here ? [here.row] : [])
  const body = last?.bodyId == null ? undefined : await readBody(reader, last.bodyId)
  return {
    ...{ objectId: past.id, outcome, note, name: last?.name ?? '', component },
    title: body ? summaryOf(shownText(here && sights.get(here.row.id), bodyText(body)), component) : '',
    collection: here?.row.displayname || here?.row.name || '',
  }
}
