import type { Settings } from '../../../config/defaults.ts'
import type { Ace, Subject } from '../../../protocol/dav/acl.ts'
import { refuse } from '../../../protocol/dav/preconditions.ts'
import { listAces, type NewAce, replaceAces } from '../../../storage/aces.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { announceRights } from './announce.ts'
import { aceOf, entriesOn, type GuardedPlace, readLists, type SourcedAce } from './rights.ts'

/** The entries on a place, in the order they are judged. */
export async function readEntries(reader: Reader, place: GuardedPlace): Promise<SourcedAce[]> {
  return entriesOn(place, await readLists(reader, place.path))
}

/** The entries that were set on a place itself. */
export async function readOwnAces(reader: Reader, place: GuardedPlace): Promise<Ace[]> {
  return (await listAces(reader, [targetOf(place)])).map(aceOf)
}

/**
 * Sets the entries on a place: all that are neither protected nor inherited. Whoever syncs the home is told.
 * @throws limited-number-of-aces, deny-before-grant, no-ace-conflict, no-protected-ace-conflict
 * @see RFC 3744 §8.1
 */
export async function setAces(
  tx: Writer,
  place: GuardedPlace,
  aces: readonly Ace[],
  { settings, origin }: { readonly settings: Settings; readonly origin: Origin },
): Promise<void> {
  checkNumber(aces, settings)
  checkOrder(aces)
  checkConflicts(aces)
  await announceRights(tx, place.path, origin)
  const entries = await readEntries(tx, place)
  checkProtected(aces, entries, place)
  await replaceAces(tx, targetOf(place), aces.map(rowOf))
}

/** Whether two subjects are written the same. */
export function isSameSubject(a: Subject, b: Subject): boolean {
  if (a.kind === 'principal') return b.kind === 'principal' && a.id === b.id
  if (a.kind === 'proxy') return b.kind === 'proxy' && a.id === b.id && a.mode === b.mode
  return a.kind === b.kind
}

function targetOf({ path }: GuardedPlace): GuardedPlace['path'][number] {
  const target = path.at(-1)
  if (!target) throw new TypeError('A guarded place has a path.')
  return target
}

function checkNumber(aces: readonly Ace[], { limits }: Settings): void {
  if (aces.length <= limits.aces) return
  throw refuse('limited-number-of-aces', {
    message: `An access control list may have ${limits.aces} entries at most.`,
  })
}

function checkOrder(aces: readonly Ace[]): void {
  const firstGrant = aces.findIndex(({ grant }) => grant)
  if (firstGrant === -1 || aces.slice(firstGrant).every(({ grant }) => grant)) return
  throw refuse('deny-before-grant', { message: 'What denies comes before what grants.' })
}

function checkConflicts(aces: readonly Ace[]): void {
  const denied = aces.filter(({ grant }) => !grant)
  for (const ace of aces.filter(({ grant }) => grant)) {
    if (denied.some((other) => contradicts(ace, other)))
      throw refuse('no-ace-conflict', { message: 'The same is granted and denied to the same principal.' })
  }
}

/** Built-in entries come first, so that denying what they grant would be without effect. */
function checkProtected(
  aces: readonly Ace[],
  entries: readonly SourcedAce[],
  { ownerId }: GuardedPlace,
): void {
  const owner: Subject = { kind: 'principal', id: ownerId }
  const granted = entries
    .filter(({ source }) => source === 'protected')
    .flatMap((entry) => (entry.subject.kind === 'owner' ? [entry, { ...entry, subject: owner }] : [entry]))
  for (const ace of aces) {
    if (!ace.grant && granted.some((entry) => contradicts(ace, entry)))
      throw refuse('no-protected-ace-conflict', {
        message: 'A protected entry grants what is denied: change the share or the delegates.',
      })
  }
}

function contradicts(a: Ace, b: Ace): boolean {
  return (a.privileges & b.privileges) !== 0 && isSameSubject(a.subject, b.subject)
}

function rowOf({ subject, grant, privileges }: Ace): NewAce {
  if (subject.kind === 'proxy') throw new TypeError('Delegates are not in access control lists.')
  const principalId = subject.kind === 'principal' ? subject.id : null
  return { subject: subject.kind, principalId, isGrant: grant ? 1 : 0, privileges }
}
