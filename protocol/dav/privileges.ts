import { type ClarkName, caldav, dav } from './names.ts'
import { element, escapeText } from './xml-write.ts'

/** A set of privileges: the sum of `bit` of each. */
export type PrivilegeSet = number

/** The privileges that are judged, none of which contains another. @see RFC 3744 §3, RFC 4791 §6.1.1 */
export type PrivilegeName =
  | 'read'
  | 'read-free-busy'
  | 'read-current-user-privilege-set'
  | 'read-acl'
  | 'write-properties'
  | 'write-content'
  | 'bind'
  | 'unbind'
  | 'unlock'
  | 'write-acl'

export const bit: Readonly<Record<PrivilegeName, PrivilegeSet>> = {
  read: 1,
  'read-free-busy': 2,
  'read-current-user-privilege-set': 4,
  'read-acl': 8,
  'write-properties': 16,
  'write-content': 32,
  bind: 64,
  unbind: 128,
  unlock: 256,
  'write-acl': 512,
}

export const noPrivileges: PrivilegeSet = 0
/** What DAV:read contains: who may read a calendar may read when its owner is busy, and what he may do. */
export const readPrivileges: PrivilegeSet = 1 | 2 | 4
/** What DAV:write contains. */
export const writePrivileges: PrivilegeSet = 16 | 32 | 64 | 128
export const allPrivileges: PrivilegeSet = 1023
/** What is left of any set to somebody who may only read. */
export const readingPrivileges: PrivilegeSet = 1 | 2 | 4 | 8

interface Grantable {
  readonly name: ClarkName
  readonly set: PrivilegeSet
  readonly description: string
  readonly contains: readonly Grantable[]
}

const grantable = (
  name: ClarkName,
  set: PrivilegeSet,
  description: string,
  contains: readonly Grantable[] = [],
): Grantable => ({ name, set, description, contains })

const freeBusy = grantable(
  caldav('read-free-busy'),
  bit['read-free-busy'],
  'See when the owner is busy, and nothing else',
)

/** What can be granted or denied, as a tree: who has the upper one has those below. */
const tree = grantable(dav('all'), allPrivileges, 'Do everything', [
  grantable(dav('read'), readPrivileges, 'Read', [
    grantable(
      dav('read-current-user-privilege-set'),
      bit['read-current-user-privilege-set'],
      'Read the privileges that one has oneself',
    ),
    freeBusy,
  ]),
  grantable(dav('read-acl'), bit['read-acl'], 'Read who may do what'),
  grantable(dav('write'), writePrivileges, 'Change, add and delete', [
    grantable(dav('write-properties'), bit['write-properties'], 'Change properties'),
    grantable(dav('write-content'), bit['write-content'], 'Change what is there'),
    grantable(dav('bind'), bit.bind, 'Add'),
    grantable(dav('unbind'), bit.unbind, 'Delete'),
  ]),
  grantable(dav('unlock'), bit.unlock, "Take away somebody else's lock"),
  grantable(dav('write-acl'), bit['write-acl'], 'Say who may do what'),
])

/** Every privilege that has a name, aggregates before what they contain. */
const named: readonly Grantable[] = flatten(tree)

function flatten(node: Grantable): readonly Grantable[] {
  return [node, ...node.contains.flatMap(flatten)]
}

/** What the name of a privilege contains; undefined for one that is not known. */
export function privilegeSet(name: ClarkName): PrivilegeSet | undefined {
  return named.find((one) => one.name === name)?.set
}

/** The Clark name of a single privilege. */
export function privilegeName(name: PrivilegeName): ClarkName {
  return name === 'read-free-busy' ? caldav(name) : dav(name)
}

/**
 * DAV:privilege elements for all that a set has, each aggregate and each part in an element of its own: clients do not
 * look inside aggregates (MIN-19).
 * @param ofCalendar  whether CALDAV:read-free-busy means anything here
 * @see RFC 3744 §5.5
 */
export function privilegeElements(set: PrivilegeSet, ofCalendar: boolean): string {
  return named
    .filter((one) => (set & one.set) === one.set && (ofCalendar || one !== freeBusy))
    .map(({ name }) => element(dav('privilege'), element(name)))
    .join('')
}

/** The fewest DAV:privilege elements that say the same as a set, for an access control entry. */
export function grantElements(set: PrivilegeSet): string {
  return fewestNames(set)
    .map((name) => element(dav('privilege'), element(name)))
    .join('')
}

/** The fewest names that say the same as a set. */
export function fewestNames(set: PrivilegeSet): ClarkName[] {
  let left = set
  const names: ClarkName[] = []
  for (const one of named) {
    if ((left & one.set) !== one.set) continue
    names.push(one.name)
    left &= ~one.set
  }
  return names
}

/** The content of DAV:supported-privilege-set. @see RFC 3744 §5.3 */
export function supportedPrivileges(ofCalendar: boolean): string {
  const write = ({ name, description, contains }: Grantable): string => {
    const privilege = element(dav('privilege'), element(name))
    const text = `<d:description xml:lang="en">${escapeText(description)}</d:description>`
    const inner = contains.filter((one) => ofCalendar || one !== freeBusy).map(write)
    return element(dav('supported-privilege'), privilege + text + inner.join(''))
  }
  return write(tree)
}
