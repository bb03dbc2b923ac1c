import { findPrincipalByName, reserveSegment, segmentTaken } from '../../../../storage/principals.ts'
import { publishPrincipal } from '../../../../storage/restored/staged.ts'
import { listSharesWith, lockReach } from '../../../../storage/shares.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import type { Services } from '../../../services.ts'
import { article, freeName, freeSegment } from '../../accounts/named.ts'
import { reconcileReceivers } from '../../grants/grants.ts'
import { erasedHere } from '../../privacy/erased-here.ts'
import { reconcileGroup, reconcileMounts } from '../../sharing/sharing.ts'
import { TransferError } from '../../transfer/transfer-error.ts'
import { type Head, installationRecord, type PrincipalRecord, principalRecord } from '../format.ts'
import { restorePeople } from '../people/restore-people.ts'
import type { ArchiveSource } from '../read/archive-source.ts'
import { readRecord } from '../read/archive-source.ts'
import { describeProblems, type Problem, verifyArchive } from '../read/verify.ts'
import { restoreMounts } from './restore-mounts.ts'
import { publishing, restoreRights } from './restore-rights.ts'
import { stageAccount, stagePrincipal, unstageAccount } from './stage-account.ts'
import { hasFile, origin, type Restoring, type Staged } from './staged.ts'

export type RestoreOutcome =
  | {
      readonly kind: 'restored'
      readonly name: string
      readonly principal: PrincipalRecord['kind']
      /** What its URLs have now. */
      readonly segment: string
      readonly objects: number
      readonly documents: number
    }
  | { readonly kind: 'refused'; readonly path: string; readonly reason: string }
  | { readonly kind: 'damaged'; readonly path: string; readonly reason: Problem['kind'] }

export interface RestoreOptions {
  /** Only these of the archive; all without it. */
  readonly names?: readonly string[] | undefined
  /** Of the account, where there is one only. */
  readonly passwordHash?: string | undefined
  /** Saves what can be saved of an archive that is not as its manifest says. */
  readonly force?: boolean | undefined
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/**
 * Makes the accounts, groups and rooms of an archive again, with all that they had: names, octets, ETags, times and rights.
 * The archive is compared with its manifest first. Everything is filled where nobody sees it, and shown in one write at the
 * end: a run that fails takes away what it made, and one that is killed leaves what the next one takes away.
 * @throws TransferError when the archive is not as its manifest says, or somebody of that name is here already
 */
export async function* restoreArchive(
  services: Services,
  source: ArchiveSource,
  options: RestoreOptions = {},
): AsyncGenerator<RestoreOutcome> {
  const { force = false, onProgress = () => {} } = options
  const { head, problems } = await verifyArchive(source, onProgress)
  if (problems.length > 0 && !force) {
    throw new TransferError(
      `The archive is not as its manifest says:\n${describeProblems(problems)}\nNothing was restored; --force saves what can be saved.`,
    )
  }
  for (const { path, kind } of problems) yield { kind: 'damaged', path, reason: kind }
  const outcomes: RestoreOutcome[] = []
  const leftOut = (path: string, reason: string): void => {
    outcomes.push({ kind: 'refused', path, reason })
  }
  let done = 0
  const total = head.counts.objects + head.counts.documents
  const run: Restoring = {
    services,
    source,
    broken: new Set(problems.map(({ path }) => path)),
    people: new Map(),
    places: { books: new Map(), dead: new Map(), nodes: new Map() },
    isErased: await services.store.read(erasedHere),
    leftOut,
    counted: () => onProgress((done += 1), Math.max(total, done)),
  }
  const wanted = await wantedOf(run, head, options.names)
  if (
    options.passwordHash !== undefined &&
    wanted.filter(({ record }) => record.kind === 'user').length !== 1
  )
    throw new TransferError('A password can be given for one account only: name it.')
  const published = await fillAndPublish(run, head, wanted, options)
  yield* outcomes
  yield* published
}

interface Wanted {
  readonly folder: string
  readonly record: PrincipalRecord
}

/** @throws TransferError for a name that the archive has not, or that is taken here */
async function wantedOf(run: Restoring, head: Head, names: readonly string[] | undefined): Promise<Wanted[]> {
  const { store } = run.services
  const missing = names?.find((name) => !head.accounts.some((one) => one.name === name))
  if (missing !== undefined) {
    const there = head.accounts.map(({ name }) => name).join(', ')
    throw new TransferError(`The archive has no "${missing}"; it has ${there}.`)
  }
  const wanted: Wanted[] = []
  for (const { folder, name } of head.accounts) {
    if (names && !names.includes(name)) continue
    const record = await readRecord(run.source, `${folder}/principal.json`, principalRecord)
    const known = await store.read((reader) => findPrincipalByName(reader, record.name))
    if (known) {
      throw new TransferError(
        `There is ${article(known.kind)} "${record.name}" here already. Remove it first (farley user remove ${record.name}), or name those to restore.`,
      )
    }
    wanted.push({ folder, record })
  }
  return wanted
}

async function fillAndPublish(
  run: Restoring,
  head: Head,
  wanted: readonly Wanted[],
  options: RestoreOptions,
): Promise<RestoreOutcome[]> {
  const staged: Staged[] = []
  let isPublished = false
  try {
    for (const { record } of wanted) await stagePrincipal(run, record)
    for (const { folder, record } of wanted) staged.push(await stageAccount(run, folder, record))
    await restorePeople(run, { isWhole: head.accounts.length === wanted.length })
    const { segments, left } = await run.services.store.write((tx) => publish(tx, run, staged, options))
    isPublished = true
    for (const { path, reason } of left) run.leftOut(path, reason)
    if (head.accounts.length === wanted.length) await reserveSegments(run)
    return staged.map(({ record, objects, documents }, nth) => ({
      kind: 'restored',
      name: record.name,
      principal: record.kind,
      segment: segments[nth] ?? record.segment,
      objects,
      documents,
    }))
  } finally {
    if (!isPublished) for (const { record } of wanted) await unstageAccount(run.services, record.name)
  }
}

interface Published {
  readonly segments: readonly string[]
  readonly left: readonly { readonly path: string; readonly reason: string }[]
}

/** Shows everything at once: first who there is, then who may do what, then what each made of that. */
async function publish(
  tx: Writer,
  { services, source, broken, isErased }: Restoring,
  staged: readonly Staged[],
  { passwordHash }: RestoreOptions,
): Promise<Published> {
  await lockReach(tx)
  const left: { path: string; reason: string }[] = []
  const segments: string[] = []
  for (const { id, record } of staged) {
    const name = await freeName(tx, record.name)
    const segment = await segmentFor(tx, record)
    const hash = record.kind === 'user' ? (passwordHash ?? null) : null
    await publishPrincipal(tx, id, { ...record, name, segment, passwordHash: hash })
    segments.push(segment)
  }
  const run = publishing(tx, isErased, (path, reason) => left.push({ path, reason }))
  for (const one of staged) await restoreRights(run, one)
  for (const one of staged) await restoreMounts(run, source, one, broken)
  const sharing = { origin, settings: services.settings, newId: services.newId }
  for (const { record, id } of staged) if (record.kind === 'group') await reconcileGroup(tx, id, sharing)
  const shared = await sharedBy(tx, staged)
  if (shared.length > 0) await reconcileMounts(tx, shared, sharing)
  await reconcileReceivers(
    tx,
    staged.map(({ id }) => id),
    sharing,
  )
  return { segments, left }
}

/** The collections of the restored, and those that others share with them. */
async function sharedBy(reader: Reader, staged: readonly Staged[]) {
  const own = staged.flatMap(({ collections }) =>
    collections.filter(({ record }) => record.shares.length > 0).map(({ row }) => row.id),
  )
  const received = await listSharesWith(
    reader,
    staged.map(({ id }) => id),
  )
  return [...new Set([...own, ...received.map(({ collectionId }) => collectionId)])].sort((a, b) => a - b)
}

/** The one it had, where nobody has it and nobody had it here. */
async function segmentFor(tx: Writer, { name, segment }: PrincipalRecord): Promise<string> {
  const isFit = /^[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,99}$/.test(segment)
  return isFit && !(await segmentTaken(tx, segment)) ? segment : freeSegment(tx, name)
}

/** An archive of a whole installation says which URLs nobody shall get. */
async function reserveSegments(run: Restoring): Promise<void> {
  const path = 'installation.json'
  if (run.broken.has(path) || !(await hasFile(run, path))) return
  const { reservedSegments } = await readRecord(run.source, path, installationRecord)
  await run.services.store.write(async (tx) => {
    for (const { segment, at } of reservedSegments) await reserveSegment(tx, segment, at)
  })
}
