import type { CollectionRow } from '../../../../storage/collections.ts'
import type { BodyId, ObjectId } from '../../../../storage/ids.ts'
import type { ObjectRow } from '../../../../storage/objects.ts'
import { listBodies, listDead, listStates } from '../../../../storage/restored/history.ts'
import type { RevisionRow } from '../../../../storage/revisions.ts'
import { endingOf, fileNamer } from '../../transfer/names.ts'
import { createSpool, type Entries, type Spool, timeText } from '../entries.ts'
import { whosOf } from './describe.ts'
import type { Run } from './run.ts'

/** The history of a collection's members: older octets as files, and `history.jsonl` with a line of JSON for each object. */
export interface HistoryWriter {
  /** Of members that live, as they are written. */
  living(page: readonly ObjectRow[]): Entries
  /** Of those that are in the trash, and the lines of all. */
  rest(): Entries
}

const historyFile = 'history.jsonl'

export function historyWriter(run: Run, collection: CollectionRow, folder: string): HistoryWriter {
  const lines = createSpool()
  const fileOf = fileNamer(endingOf(collection.kind))
  const at = { run, lines, folder, fileOf }
  return {
    living: (page) => statesOf(at, new Map(page.map((row) => [row.id, row]))),
    rest: async function* () {
      let trash = 0
      for await (const ids of listDead(run.services.store, collection.id)) {
        for (const id of ids) run.places.dead.set(id, { in: folder, trash: (trash += 1) })
        yield* statesOf(at, new Map(ids.map((id) => [id, undefined])))
      }
      yield lines.file(`${folder}/${historyFile}`, run.now)
    },
  }
}

interface Place {
  readonly run: Run
  readonly lines: Spool
  readonly folder: string
  readonly fileOf: (name: string) => string
}

/** @param objects  with their rows, where they live */
async function* statesOf(
  { run, lines, folder, fileOf }: Place,
  objects: ReadonlyMap<ObjectId, ObjectRow | undefined>,
): Entries {
  const { store } = run.services
  const { states, authors } = await store.read(async (reader) => {
    const found = await listStates(reader, [...objects.keys()])
    const ids = [...found.values()].flat().flatMap(({ authorId }) => authorId ?? [])
    return { states: found, authors: await whosOf(reader, ids) }
  })
  const files = new Map<BodyId, string>()
  const wanted = pastBodies(states, objects)
  for await (const bodies of listBodies(store, [...wanted.keys()])) {
    for (const [id, octets] of bodies) {
      const { name = '', at = run.now } = wanted.get(id) ?? {}
      const file = `history/${fileOf(name)}`
      files.set(id, file)
      yield { kind: 'file', path: `${folder}/${file}`, octets, size: octets.length, modifiedAt: at }
    }
  }
  for (const [id, row] of objects) {
    const own = states.get(id) ?? []
    const described = own.map((state) => {
      const author = state.authorId === null ? null : (authors.get(state.authorId) ?? null)
      const file = state.bodyId === null ? null : (files.get(state.bodyId) ?? null)
      return { ...stateOf(state), author, file, isPresent: row !== undefined && state.bodyId === row.bodyId }
    })
    lines.add({ ...(row ? { member: row.name } : {}), states: described })
  }
}

/** Those of older states, each with the first state that has it. */
function pastBodies(
  states: ReadonlyMap<ObjectId, readonly RevisionRow[]>,
  objects: ReadonlyMap<ObjectId, ObjectRow | undefined>,
): ReadonlyMap<BodyId, RevisionRow> {
  const wanted = new Map<BodyId, RevisionRow>()
  for (const id of objects.keys()) {
    for (const state of states.get(id) ?? []) {
      const { bodyId } = state
      if (bodyId === null || bodyId === objects.get(id)?.bodyId || wanted.has(bodyId)) continue
      wanted.set(bodyId, state)
    }
  }
  return wanted
}

function stateOf({
  kind,
  name,
  uid,
  component,
  etag,
  at,
  origin,
  clientKind,
  requestId,
  restoredAt,
}: RevisionRow) {
  const restored = restoredAt === null ? null : timeText(restoredAt)
  return {
    kind,
    name,
    uid,
    component,
    etag,
    at: timeText(at),
    origin,
    clientKind,
    requestId,
    restoredAt: restored,
  }
}
