import {
  findPrincipalByName,
  type NewPrincipal,
  type PrincipalKind,
  type PrincipalRow,
  segmentTaken,
} from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import { foldName } from '../../auth/basic.ts'
import { plainSegment } from '../names.ts'
import { AccountError } from './account-error.ts'

/** What kinds of principals are called. */
export const kindNames: Readonly<Record<PrincipalKind, string>> = {
  user: 'account',
  group: 'group',
  room: 'room',
  resource: 'resource',
}

/** What a new principal is called. */
export interface NewName {
  readonly name: string
  readonly displayName?: string | undefined
  readonly email?: string | undefined
}

/**
 * The row of a new principal: accounts, groups, rooms and resources share one set of names.
 * @throws AccountError when the name is taken or cannot be one
 */
export async function nameNew(
  reader: Reader,
  kind: PrincipalKind,
  { name: given, displayName, email }: NewName,
): Promise<NewPrincipal> {
  const name = await freeName(reader, given)
  if (email !== undefined) checkMail(email)
  return {
    kind,
    name,
    segment: await freeSegment(reader, name),
    displayName: displayName ?? given.trim(),
    email: email ?? (kind === 'user' && name.includes('@') ? name : null),
  }
}

/** A name as it is kept. @throws AccountError when it is taken or cannot be one */
export async function freeName(reader: Reader, given: string): Promise<string> {
  const name = foldName(given)
  checkName(name)
  const known = await findPrincipalByName(reader, name)
  if (known) throw new AccountError(`There is ${article(known.kind)} "${name}" already.`)
  return name
}

/** @throws AccountError when there is none of that name and kind */
export async function findNamed(reader: Reader, name: string, kind: PrincipalKind): Promise<PrincipalRow> {
  const found = await findPrincipalByName(reader, foldName(name))
  if (found?.kind === kind) return found
  throw new AccountError(
    found
      ? `There is no ${kindNames[kind]} "${name}"; "${name}" is ${article(found.kind)}.`
      : `There is no ${kindNames[kind]} "${name}"; see "farley ${commands[kind]} list".`,
  )
}

/** Anybody of that name: an account, a group, a room or a resource. @throws AccountError when there is none */
export async function findAnybody(reader: Reader, name: string): Promise<PrincipalRow> {
  const found = await findPrincipalByName(reader, foldName(name))
  if (found) return found
  throw new AccountError(`There is no account, group, room or resource "${name}".`)
}

const commands: Readonly<Record<PrincipalKind, string>> = { ...kindNames, user: 'user' }

/** What a principal is, with its article. */
export const article = (kind: PrincipalKind): string => `${kind === 'user' ? 'an' : 'a'} ${kindNames[kind]}`

/** @throws AccountError for what is no mail address */
export function checkMail(email: string): void {
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new AccountError(`"${email}" is not a mail address.`)
}

function checkName(name: string): void {
  if (name === '' || name.length > 200) throw new AccountError('A name has 1 to 200 letters.')
  if (/[\s:/\\\p{Cc}%]/u.test(name))
    throw new AccountError('A name may not hold blanks, ":", "/", "\\" or "%".')
}

/** Unreserved letters only, and never one that another principal has or had (law 7). */
export async function freeSegment(reader: Reader, name: string): Promise<string> {
  const base = plainSegment(name, 'user', 60)
  for (let number = 1; ; number += 1) {
    const segment = number === 1 ? base : `${base}-${number}`
    if (!(await segmentTaken(reader, segment))) return segment
  }
}
