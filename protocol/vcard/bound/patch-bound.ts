import { editCard } from '../edit/edit-card.ts'
import type { CardEdit, Employer } from '../edit/edits.ts'
import { type CardJob, isSameName, isThat, type NamedRelation, readBound } from './read-bound.ts'

/** Types that RFC 6350 §6.6.6 has no words for are told with those that it has. */
const wider: Readonly<Record<string, string>> = {
  ...{ mother: 'parent', father: 'parent', brother: 'sibling', sister: 'sibling' },
  ...{ assistant: 'co-worker', manager: 'co-worker' },
}

/**
 * Brings a line that names somebody related from what it was to what it is to be: without the first it is a new one, without
 * the second it goes. What the card says already, or has otherwise since, stays.
 * @param now  epoch milliseconds, for the REV of a card that has one
 * @throws InvalidObjectError when it is not one whole card
 */
export function patchRelated(
  text: string,
  was: NamedRelation | undefined,
  is: NamedRelation | undefined,
  now: number,
): string {
  const { related } = readBound(text)
  const old = was && related.find((line) => isThat(line, was))
  const edits: CardEdit[] = []
  if (is && !related.some((line) => isThat(line, is))) {
    const about = aboutType(is.type)
    const value = { name: is.name, uri: '' }
    if (old) edits.push({ op: 'change', list: 'related', key: old.key, value, ...about })
    else edits.push({ op: 'add', list: 'related', value, ...about })
  } else if (old && !is) edits.push({ op: 'remove', list: 'related', key: old.key })
  return edits.length === 0 ? text : editCard(text, edits, now)
}

/**
 * Names somebody who is one with another by the other's name. Where a card names both, the first of them goes.
 * @throws InvalidObjectError when it is not one whole card
 */
export function joinRelated(text: string, was: NamedRelation, is: NamedRelation, now: number): string {
  const { related } = readBound(text)
  const known = related.find((line) => isThat(line, is))
  const old = related.find((line) => line !== known && isThat(line, was))
  if (!old) return text
  const edit: CardEdit = known
    ? { op: 'remove', list: 'related', key: old.key }
    : { op: 'change', list: 'related', key: old.key, value: { name: is.name, uri: '' } }
  return editCard(text, [edit], now)
}

/**
 * Writes what has changed of where somebody works; units that are not known beside the card stay.
 * @throws InvalidObjectError when it is not one whole card
 */
export function patchJob(text: string, was: CardJob, is: CardJob, now: number): string {
  const { job, units } = readBound(text)
  // A card that names another employer says so still when this one is over.
  if (is.orgName === '' && was.orgName !== '' && !isSameName(job.orgName, was.orgName)) return text
  const employer: { -readonly [P in keyof Employer]: Employer[P] } = {}
  if (is.orgName !== was.orgName || job.orgName === '') employer.org = is.orgName
  if (is.title !== was.title || job.title === '') employer.title = is.title
  if (is.role !== was.role || job.role === '') employer.role = is.role
  const isKnown = is.department !== '' || isSameName(is.orgName, was.orgName)
  if (is.department !== was.department && isKnown) employer.units = withDepartment(units, is.department)
  return editCard(text, [{ op: 'employer', ...employer }], now)
}

/**
 * Writes what an organisation is called now into a card that has called it as it was; its units stay.
 * @throws InvalidObjectError when it is not one whole card
 */
export function patchEmployer(text: string, was: string, is: string, now: number): string {
  if (!isSameName(readBound(text).job.orgName, was)) return text
  return editCard(text, [{ op: 'employer', org: is }], now)
}

function aboutType(type: string): { readonly types: readonly string[] } | { readonly label: string } {
  if (!/^[a-z-]+$/.test(type)) return { label: type }
  const also = wider[type]
  return { types: also === undefined ? [type] : [type, also] }
}

function withDepartment(units: readonly string[], department: string): string[] {
  return department === '' ? units.slice(1) : [department, ...units.slice(1)]
}
