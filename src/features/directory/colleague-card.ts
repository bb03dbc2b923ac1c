import { escapeTextValue, withoutControls } from '../../../protocol/text/content-lines.ts'
import { writeLine } from '../../../protocol/text/write-line.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'

/** How Apple's clients tell kinds apart, which are KIND in a card of version 4.0 (ABK-07). */
const kinds: Readonly<Record<PrincipalRow['kind'], string | undefined>> = {
  user: undefined,
  group: 'group',
  room: 'location',
  resource: 'device',
}

/**
 * The card of an account, a group, a room or a resource. Nothing in it tells when it was written: it changes when what
 * it says does. Which part of a name is the family's nobody knows: all of it is the given one.
 * @param members  the UIDs of a group's members, as far as the reader may know them
 * @see RFC 2426
 */
export function colleagueCard(
  { kind, displayName, name, email }: PrincipalRow,
  uid: string,
  members: readonly string[],
): string {
  const shown = textOf(displayName.trim() || name)
  const known = kinds[kind]
  return [
    writeLine('BEGIN', [], 'VCARD'),
    writeLine('VERSION', [], '3.0'),
    writeLine('PRODID', [], '-//Farley//EN'),
    writeLine('UID', [], uid),
    writeLine('FN', [], shown),
    writeLine('N', [], known === undefined ? `;${shown};;;` : `${shown};;;;`),
    ...(known === undefined ? [] : [writeLine('X-ADDRESSBOOKSERVER-KIND', [], known)]),
    ...(email ? [writeLine('EMAIL', [{ name: 'TYPE', values: ['INTERNET'] }], textOf(email))] : []),
    ...members.map((member) => writeLine('X-ADDRESSBOOKSERVER-MEMBER', [], `urn:uuid:${member}`)),
    writeLine('END', [], 'VCARD'),
  ].join('')
}

/** Without control characters, which no card may have: one such name would keep the directory from everybody. */
function textOf(text: string): string {
  return escapeTextValue(withoutControls(text))
}
