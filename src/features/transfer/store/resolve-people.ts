import { fold } from '../../../../protocol/text/fold.ts'
import { ownersOfValues } from '../../../../storage/contact-index.ts'
import type { ObjectId } from '../../../../storage/ids.ts'
import { placementsByObject } from '../../../../storage/people/parties.ts'
import type { Reader } from '../../../../storage/store.ts'
import type { Session } from '../../../auth/session.ts'
import { isRecord } from '../../fields/values.ts'
import { reachOf } from '../../people/reach.ts'
import { booksShowing } from '../../people/veil.ts'
import type { FieldValue } from '../fields/field-values.ts'
import type { Numbered } from './store-batch.ts'

/**
 * Whom values of fields mean that are a person: who has this mail address, or this name, among those whom whoever imports sees.
 * Where that is nobody, or several who are called otherwise, the text stays as it is.
 */
export async function withPeople(
  reader: Reader,
  session: Session,
  items: readonly Numbered[],
): Promise<readonly Numbered[]> {
  const texts = new Set(items.flatMap(({ item }) => ('object' in item ? item.values.flatMap(textOf) : [])))
  if (texts.size === 0) return items
  const names = await namesOf(reader, session, [...texts])
  const named = (value: FieldValue): FieldValue => {
    const name = textOf(value).flatMap((text) => names.get(text) ?? [])[0]
    return name === undefined ? value : { ...value, value: { name } }
  }
  return items.map(({ number, item }) =>
    'object' in item ? { number, item: { ...item, values: item.values.map(named) } } : { number, item },
  )
}

function textOf({ field, value }: FieldValue): string[] {
  return field.type === 'person' && isRecord(value) && typeof value.name === 'string' ? [value.name] : []
}

/** The mail address in `Jane Doe <jane@example.org>`, or what is one by itself. */
function mailIn(text: string): string | undefined {
  const address = /<([^<>\s]+@[^<>\s]+)>\s*$/.exec(text)?.[1] ?? text.trim().replace(/^mailto:/i, '')
  return /^[^\s@<>]+@[^\s@<>]+$/.test(address) ? fold(address) : undefined
}

/** What those are called whom these texts mean, by the text. */
async function namesOf(
  reader: Reader,
  session: Session,
  texts: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const reach = await reachOf(reader, session)
  const sought = texts.map((text) => ({ text, mail: mailIn(text), name: fold(text.trim()) }))
  const mails = sought.flatMap(({ mail }) => mail ?? [])
  const plain = sought.flatMap(({ mail, name }) => (mail === undefined ? [name] : []))
  const byMail = await cardsWith(reader, booksShowing(reach, 'EMAIL'), 'email', mails)
  const byName = await cardsWith(reader, booksShowing(reach, 'FN'), 'fn', plain)
  const ids = [...byMail.values(), ...byName.values()].flat()
  const placed = await placementsByObject(reader, [...new Set(ids)])
  const found = new Map<string, string>()
  for (const { text, mail, name } of sought) {
    const cards = mail === undefined ? byName.get(name) : byMail.get(mail)
    const called = new Set((cards ?? []).flatMap((id) => placed.get(id)?.name ?? []))
    const [only] = called
    if (called.size === 1 && only !== undefined) found.set(text, only)
  }
  return found
}

async function cardsWith(
  reader: Reader,
  books: readonly number[],
  kind: string,
  values: readonly string[],
): Promise<Map<string, ObjectId[]>> {
  const found = new Map<string, ObjectId[]>()
  if (values.length === 0) return found
  for (const book of books)
    for (const { objectId, folded } of await ownersOfValues(reader, book, kind, [...new Set(values)]))
      found.set(folded, [...(found.get(folded) ?? []), objectId])
  return found
}
