import type { PartyId } from '../../../storage/ids.ts'
import {
  addErasure,
  type ErasureRow,
  findErasure,
  findMarks,
  listErasures,
  listUids,
} from '../../../storage/privacy/erasures.ts'
import type { Services } from '../../services.ts'
import { eraseParty } from './erase.ts'
import { appendJournal, readJournal } from './journal.ts'
import { isGenuine, markOf, type Proof, proofKeys, proofOf } from './proof.ts'

const pageRows = 500

/** What became of the proofs of a database and of the file beside it. */
export interface Comparison {
  /** Of the file, that the database does not know: it was put back from a copy. */
  readonly unknown: readonly Proof[]
  /** Of either, that say something else than what was signed, or were made by another database. */
  readonly broken: readonly string[]
  /** How many are good. */
  readonly genuine: number
}

/** Compares what the database knows of erasures with the file beside it, and adds to the file what it lacks. */
export async function compareProofs({ store }: Pick<Services, 'store'>, path?: string): Promise<Comparison> {
  const keys = await store.read(proofKeys)
  const written = await readJournal(store, path)
  const inFile = new Map(written.map((proof) => [proof.proofId, proof]))
  const broken = written.filter((proof) => !isGenuine(keys, proof)).map(({ proofId }) => proofId)
  const known = new Set<string>()
  const missing: Proof[] = []
  for await (const row of erasuresOf({ store })) {
    known.add(row.proofId)
    if (row.signature === '') continue
    const proof = await store.read((reader) => proofOf(reader, row))
    if (!isGenuine(keys, proof)) broken.push(row.proofId)
    else if (!inFile.has(row.proofId)) missing.push(proof)
  }
  if (path === undefined) await appendJournal(store, missing)
  const unknown = written.filter((proof) => !known.has(proof.proofId) && isGenuine(keys, proof))
  const bad = new Set(broken)
  return { unknown, broken: [...bad], genuine: new Set([...known, ...inFile.keys()]).size - bad.size }
}

/** Those who were erased, and have cards again: from a copy of the database, or because somebody has written them anew. */
export async function thereAgain(
  { store }: Pick<Services, 'store'>,
  hashes?: ReadonlySet<string>,
): Promise<ReadonlySet<PartyId>> {
  const keys = await store.read(proofKeys)
  const found = new Set<PartyId>()
  for (let after = 0; ; ) {
    const rows = await store.read((reader) => listUids(reader, { after, limit: pageRows }))
    const marked = new Map(
      rows.map(({ uid, partyId }) => [uid === null ? '' : markOf(keys, 'uid', uid).hash, partyId]),
    )
    const known = hashes
      ? [...marked.keys()].filter((hash) => hashes.has(hash))
      : (await store.read((reader) => findMarks(reader, [...marked.keys()]))).map(({ hash }) => hash)
    for (const hash of known) found.add(marked.get(hash) ?? 0)
    after = rows.at(-1)?.objectId ?? after
    if (rows.length < pageRows) return found
  }
}

/**
 * Erases again those who were erased before the database was put back from a copy: as the file beside it knows.
 * @param everybody  also those whom somebody has written anew
 * @returns how many
 */
export async function eraseAgain(
  services: Services,
  { path, everybody }: { readonly path?: string | undefined; readonly everybody: boolean },
): Promise<number> {
  const { unknown } = await compareProofs(services, path)
  for (const { marks, ...proof } of unknown)
    await services.store.write(async (tx) => {
      // Its author may be somebody else here.
      if (!(await findErasure(tx, proof.proofId))) await addErasure(tx, proof, marks)
    })
  if (unknown.length === 0 && !everybody) return 0
  const hashes = everybody
    ? undefined
    : new Set(unknown.flatMap(({ marks }) => marks.map(({ hash }) => hash)))
  const again = await thereAgain(services, hashes)
  for (const partyId of again) {
    const wish = {
      partyId,
      token: undefined,
      attendees: 'keep',
      reason: 'again',
      session: undefined,
    } as const
    await eraseParty(services, { ...wish, origin: { kind: 'rule' } })
  }
  return again.size
}

async function* erasuresOf({ store }: Pick<Services, 'store'>): AsyncGenerator<ErasureRow> {
  for (let after = 0; ; ) {
    const rows = await store.read((reader) => listErasures(reader, { after, limit: pageRows }))
    yield* rows
    after = rows.at(-1)?.id ?? after
    if (rows.length < pageRows) return
  }
}
