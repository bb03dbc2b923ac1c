import { type ClarkName, caldav, cs, dav } from '../../../protocol/dav/names.ts'
import type {
  PrincipalPropertySearch,
  PrincipalSearch,
  UserType,
} from '../../../protocol/dav/principal-reports.ts'
import { compareText, type TextMatch } from '../../../protocol/text/collation.ts'
import type { PrincipalKind, PrincipalRow } from '../../../storage/principals.ts'
import { principalPath } from '../paths.ts'

/** A property by which principals can be found, with what it is called for people. @see RFC 3744 §9.5 */
export interface Searchable {
  readonly name: ClarkName
  readonly description: string
  readonly values: (principal: PrincipalRow) => readonly string[]
}

export const searchable: readonly Searchable[] = [
  { name: dav('displayname'), description: 'Name', values: (principal) => [shownName(principal)] },
  { name: cs('first-name'), description: 'First name', values: (one) => present(namesOf(one).first) },
  { name: cs('last-name'), description: 'Last name', values: (one) => present(namesOf(one).last) },
  { name: cs('email-address-set'), description: 'Mail address', values: ({ email }) => present(email) },
  {
    name: caldav('calendar-user-address-set'),
    description: 'Calendar address',
    values: (principal) => addressesOf(principal),
  },
  {
    name: caldav('calendar-user-type'),
    description: 'Person, group, room or resource',
    values: ({ kind }) => [userTypes[kind]],
  },
]

/** @see RFC 5545 §3.2.3 */
export const userTypes: Readonly<Record<PrincipalKind, UserType>> = {
  user: 'INDIVIDUAL',
  group: 'GROUP',
  room: 'ROOM',
  resource: 'RESOURCE',
}

/** What people call a principal. */
export function shownName({ displayName, name }: Pick<PrincipalRow, 'displayName' | 'name'>): string {
  return displayName || name
}

/** A person's first and last name: the last word of what he is called, and those before it. */
export function namesOf(principal: PrincipalRow): { first: string | undefined; last: string | undefined } {
  if (principal.kind !== 'user') return { first: undefined, last: undefined }
  const words = shownName(principal).trim().split(/\s+/)
  const last = words.length > 1 ? words.pop() : undefined
  return { first: words.join(' '), last }
}

/** The addresses by which a principal is invited, each once. */
export function addressesOf({ email, segment }: PrincipalRow): string[] {
  return email === null ? [principalPath(segment)] : [`mailto:${email}`, principalPath(segment)]
}

/** Whether a principal is one that is searched for. @see RFC 3744 §9.4 */
export function propertySearchMatcher({
  searches,
  test,
  type,
}: PrincipalPropertySearch): (principal: PrincipalRow) => boolean {
  const conditions = searches.map(({ names, match }) => {
    const searched = searchable.filter(({ name }) => names.includes(name))
    return (principal: PrincipalRow) =>
      searched.some(({ values }) => values(principal).some((value) => compareText(match, value)))
  })
  return (principal) => {
    if (type !== undefined && userTypes[principal.kind] !== type) return false
    return test === 'anyof'
      ? conditions.some((holds) => holds(principal))
      : conditions.every((holds) => holds(principal))
  }
}

/** Whom a context of CalendarServer's search means. */
const kindsIn: Readonly<Record<NonNullable<PrincipalSearch['context']>, readonly PrincipalKind[]>> = {
  attendee: ['user', 'group', 'resource'],
  location: ['room'],
  resource: ['resource'],
  user: ['user'],
  group: ['group'],
}

/** Whether every token is somewhere in the name or the address of a principal. */
export function tokenMatcher({ tokens, context }: PrincipalSearch): (principal: PrincipalRow) => boolean {
  const matches = tokens.map(
    (value): TextMatch => ({ value, collation: 'i;unicode-casemap', negate: false, match: 'contains' }),
  )
  return (principal) => {
    if (context !== undefined && !kindsIn[context].includes(principal.kind)) return false
    const texts = [shownName(principal), ...present(principal.email)]
    return matches.every((match) => texts.some((text) => compareText(match, text)))
  }
}

function present(text: string | null | undefined): readonly string[] {
  return text ? [text] : []
}
