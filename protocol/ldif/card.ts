import { cardOfRow } from '../csv/card.ts'
import type { Column, Mapping } from '../csv/mapping.ts'
import { readTarget } from '../csv/target.ts'
import { addText, type CardDraft, newDraft } from '../vcard/edit/draft.ts'
import { attributeTargets } from './attributes.ts'
import type { LdifRecord, LdifValue } from './entries.ts'

export type LdifEntry = Extract<LdifRecord, { kind: 'entry' }>

/** What an entry stands for: a person or a group as a card, or a part of the directory. */
export type EntryCard =
  | { readonly kind: 'person'; readonly draft: CardDraft }
  | { readonly kind: 'group'; readonly draft: CardDraft }
  | { readonly kind: 'other'; readonly reason: string }

const persons = new Set([
  'person',
  'organizationalperson',
  'inetorgperson',
  'mozillaabpersonalpha',
  'abpersonalpha',
  'residentialperson',
  'newpilotperson',
  'pilotperson',
  'evolutionperson',
  'officeperson',
  'contact',
  'user',
])
const groups = new Set(['groupofnames', 'groupofuniquenames', 'groupofurls', 'group', 'posixgroup'])

/**
 * An entry of a directory as a card.
 * @param uidOf  the UID of the card that an entry of this name is, for the members of a group
 */
export function cardOfEntry(entry: LdifEntry, uidOf: (dn: string) => string): EntryCard {
  const classes = entry.values
    .filter(({ attribute }) => attribute === 'objectclass')
    .map(({ text }) => text.trim().toLowerCase())
  const isPerson = classes.some((name) => persons.has(name))
  if (!isPerson && classes.some((name) => groups.has(name))) return groupOf(entry, uidOf)
  const looksLikeOne =
    classes.length === 0 && entry.values.some(({ attribute }) => /^(?:cn|sn|mail)$/.test(attribute))
  if (!isPerson && !looksLikeOne) {
    return { kind: 'other', reason: 'It is neither a person nor a group.' }
  }
  return { kind: 'person', draft: personOf(entry) }
}

/** Names of entries that differ in case and blanks only are one. @see RFC 4514 */
export function foldDn(dn: string): string {
  return dn
    .toLowerCase()
    .split(/([,=+])/)
    .map((part) => part.trim())
    .join('')
}

function personOf({ values }: LdifEntry): CardDraft {
  const columns: Column[] = []
  const fields: string[] = []
  const counts = new Map<string, number>()
  const hasName = values.some(({ attribute }) => attribute === 'cn')
  for (const value of values) {
    const written =
      value.attribute === 'displayname' && !hasName ? 'FN' : attributeTargets.get(value.attribute)
    const count = (counts.get(written ?? '') ?? 0) + 1
    counts.set(written ?? '', count)
    const isRepeatable =
      written !== undefined && /^(?:EMAIL|TEL|URL|IMPP|RELATED|NICKNAME|TITLE|NOTE)/.test(written)
    const target = written === undefined || written === '-' ? undefined : readTarget(written)
    columns.push({
      header: value.attribute,
      isLeftOut: written === '-',
      target: target && isRepeatable ? { ...target, number: count } : target,
    })
    fields.push(textOf(value))
  }
  const mapping: Mapping = { columns, language: 'english', known: columns.length }
  const { draft } = cardOfRow(fields, mapping)
  addPhoto(draft, values)
  return draft
}

/** Postal addresses have dollars for line ends; names of entries stand for people. @see RFC 4517 §3.3.28 */
function textOf({ attribute, text }: LdifValue): string {
  if (/^(?:home)?postaladdress$/.test(attribute)) {
    const lines = text.split('$').map((line) => line.trim())
    return lines.join('\n').replace(/\\24/g, '$')
  }
  if (attribute === 'labeleduri') return text.replace(/\s.*$/s, '')
  if (attribute === 'proxyaddresses') return text.replace(/^smtp:/i, '')
  return attribute === 'manager' || attribute === 'secretary' ? nameIn(text) : text
}

/** `cn=Ada Lovelace,ou=people` is Ada Lovelace. */
function nameIn(dn: string): string {
  const match = /^\s*(?:cn|uid|displayname)\s*=\s*((?:[^,\\]|\\.)+)/i.exec(dn)
  return match?.[1]?.replace(/\\(.)/g, '$1').trim() ?? dn
}

function addPhoto(draft: CardDraft, values: readonly LdifValue[]): void {
  const photo = values.find(({ attribute }) => /^(?:jpegphoto|thumbnailphoto|photo)$/.test(attribute))
  if (!photo || photo.octets.length === 0) return
  const isPng = photo.octets[0] === 0x89 && photo.octets[1] === 0x50
  const parameters = [{ name: 'ENCODING', values: ['b'] }]
  const value = Buffer.from(photo.octets).toString('base64')
  draft.lines.push({ name: 'PHOTO', parameters, types: [isPng ? 'PNG' : 'JPEG'], value })
}

/** A group as Apple has it in vCard 3.0 (ABK-07). */
function groupOf({ dn, values }: LdifEntry, uidOf: (dn: string) => string): EntryCard {
  const draft = newDraft()
  const first = (name: string): string =>
    values.find(({ attribute }) => attribute === name)?.text.trim() ?? ''
  draft.fn = first('cn') || first('displayname') || nameIn(dn)
  draft.lines.push({ name: 'X-ADDRESSBOOKSERVER-KIND', value: 'group' })
  for (const { attribute, text } of values) {
    if (attribute !== 'member' && attribute !== 'uniquemember') continue
    draft.lines.push({ name: 'X-ADDRESSBOOKSERVER-MEMBER', value: `urn:uuid:${uidOf(text)}` })
  }
  addText(draft, { name: 'NOTE' }, first('description'))
  return { kind: 'group', draft }
}
