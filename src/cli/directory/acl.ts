import type { Ace, Subject } from '../../../protocol/dav/acl.ts'
import { caldav, dav, splitName } from '../../../protocol/dav/names.ts'
import {
  fewestNames,
  noPrivileges,
  type PrivilegeSet,
  privilegeSet,
} from '../../../protocol/dav/privileges.ts'
import { type HomeRow, listHomes } from '../../../storage/homes.ts'
import type { PrincipalId } from '../../../storage/ids.ts'
import { findPrincipalsByIds } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import { findAnybody } from '../../features/accounts/named.ts'
import { findOwnCollection } from '../../features/accounts/own-collection.ts'
import { findOwnFolder } from '../../features/files/own-folder.ts'
import { readEntries, readOwnAces, setAces } from '../../features/rights/acl.ts'
import { type AceChange, editAces } from '../../features/rights/edit-aces.ts'
import {
  collectionPlace,
  type GuardedPlace,
  homePlace,
  type SourcedAce,
} from '../../features/rights/rights.ts'
import { type Command, type Invocation, positional, UsageError, withServices } from '../command.ts'

const usage = 'NAME COLLECTION WHO PRIVILEGES'
const where =
  'COLLECTION may be :calendars, :addressbooks or :files for all, or a folder as :files/PATH; WHO :all or :owner.'

export const aclList: Command = {
  words: ['acl', 'list'],
  usage: 'NAME COLLECTION',
  summary: `List who may do what in a collection, as it is judged: the first entry about somebody decides. ${where}`,
  options: {},
  run: async (invocation) => {
    const lines = await withServices(invocation.settings, ({ store }) =>
      store.read(async (reader) => {
        const entries = await readEntries(reader, await placeNamed(reader, invocation))
        const names = await namesOf(reader, entries)
        return entries.map((entry) => lineOf(entry, names))
      }),
    )
    for (const line of lines) invocation.print(line)
    return 0
  },
}

const change = (act: AceChange, summary: string): Command => ({
  words: ['acl', act],
  usage,
  summary: `${summary} PRIVILEGES are separated by commas, such as read,bind. ${where}`,
  options: {},
  run: async (invocation) => {
    const { settings, print } = invocation
    const who = positional(invocation, 2, 'WHO it is about')
    const words = positional(invocation, 3, 'the PRIVILEGES').split(',')
    await withServices(settings, ({ store }) =>
      store.write(async (tx) => {
        const place = await placeNamed(tx, invocation)
        const privileges = readPrivilegeNames(words, place.hasProxies)
        const aces = editAces(await readOwnAces(tx, place), act, await subjectNamed(tx, who), privileges)
        await setAces(tx, place, aces, { settings, origin: { kind: 'job' } })
      }),
    )
    print(`The access control list of ${invocation.positionals[1]} was changed.`)
    return 0
  },
})

export const aclGrant = change('grant', 'Let somebody do something in a collection.')
export const aclDeny = change('deny', 'Keep somebody from doing something in a collection.')
export const aclRevoke = change('revoke', 'Take back what was granted or denied.')

/** The home, the collection or the folder that is named. */
async function placeNamed(reader: Reader, invocation: Invocation): Promise<GuardedPlace> {
  const owner = await findAnybody(reader, positional(invocation, 0, 'the NAME of the owner'))
  const name = positional(invocation, 1, 'the COLLECTION')
  const [first, ...folders] = name.split('/').filter((part, at) => at === 0 || part !== '')
  const home = (await listHomes(reader, owner.id)).find(({ kind }) => `:${kind}` === first)
  if (home?.kind === 'files' && folders.length > 0) return folderPlace(reader, home, folders)
  return home ? homePlace(home) : collectionPlace(await findOwnCollection(reader, owner, name))
}

async function folderPlace(reader: Reader, home: HomeRow, folders: readonly string[]): Promise<GuardedPlace> {
  const nodes = await findOwnFolder(reader, home.id, folders)
  const { path, ...place } = homePlace(home)
  return { ...place, path: [...path, ...nodes.map(({ id }) => ({ kind: 'node', id }) as const)] }
}

/** Names hold no colon. */
async function subjectNamed(reader: Reader, name: string): Promise<Subject> {
  if (name === ':all' || name === ':authenticated') return { kind: 'authenticated' }
  if (name === ':owner') return { kind: 'owner' }
  if (name.startsWith(':')) throw new UsageError(`WHO is a name, :all or :owner, not "${name}".`)
  return { kind: 'principal', id: (await findAnybody(reader, name)).id }
}

/** Calendars have those of RFC 4791 too. */
function readPrivilegeNames(words: readonly string[], ofCalendar: boolean): PrivilegeSet {
  let sum = noPrivileges
  for (const name of words.map((word) => word.trim())) {
    const set = privilegeSet(dav(name)) ?? (ofCalendar ? privilegeSet(caldav(name)) : undefined)
    if (set === undefined) throw new UsageError(`There is no privilege "${name}" here.`)
    sum |= set
  }
  return sum
}

async function namesOf(reader: Reader, aces: readonly Ace[]): Promise<ReadonlyMap<PrincipalId, string>> {
  const ids = aces.flatMap(({ subject }) =>
    subject.kind === 'principal' || subject.kind === 'proxy' ? [subject.id] : [],
  )
  const rows = await findPrincipalsByIds(reader, [...new Set(ids)])
  return new Map(rows.map(({ id, name }) => [id, name]))
}

function lineOf({ subject, grant, privileges, source }: SourcedAce, names: ReadonlyMap<PrincipalId, string>) {
  const what = fewestNames(privileges).map((name) => splitName(name).local)
  const origin = source === 'protected' ? 'built in' : source
  return [origin, grant ? 'grant' : 'deny', whoIs(subject, names), what.join(',')].join('\t')
}

function whoIs(subject: Subject, names: ReadonlyMap<PrincipalId, string>): string {
  switch (subject.kind) {
    case 'principal':
      return names.get(subject.id) ?? ''
    case 'proxy':
      return `delegates who ${subject.mode}`
    case 'authenticated':
      return ':all'
    default:
      return `:${subject.kind}`
  }
}
