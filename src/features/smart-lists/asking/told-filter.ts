import { findCollectionById } from '../../../../storage/collections.ts'
import { listCustomFields } from '../../../../storage/fields/custom-fields.ts'
import type { Reader } from '../../../../storage/store.ts'
import type { Session } from '../../../auth/session.ts'
import { fieldOf } from '../../fields/field.ts'
import { seeParties } from '../../people/parties.ts'
import { reachOf } from '../../people/reach.ts'

type Node = Readonly<Record<string, unknown>>

/**
 * A filter with names in place of ids and keys, as JSON: what a client can put into words of any language. What somebody does
 * not see, or what is there no more, has an empty name.
 */
export async function toldFilter(reader: Reader, session: Session, filter: unknown): Promise<string> {
  const nodes = nodesOf(filter)
  const reach = await reachOf(reader, session)
  const ids = nodes.flatMap(({ organisation, to }) =>
    [organisation, to].filter((id) => typeof id === 'number'),
  )
  const parties = await seeParties(reader, reach, [...new Set(ids)])
  const asksFields = nodes.some(({ field }) => field === 'custom')
  const fields = asksFields ? await listCustomFields(reader, reach.bookIds) : []
  const books = new Map<number, string>()
  for (const { book } of nodes) {
    const id = reach.bookIds.find((one) => one === book)
    const row = id === undefined ? undefined : await findCollectionById(reader, id)
    if (row) books.set(row.id, row.displayname ?? row.name)
  }
  const nameOf = (id: unknown): string => parties.get(Number(id))?.placements[0].name ?? ''
  const told = (node: Node): Node => {
    const { organisation, to, book, key, value } = node
    const own = key === undefined ? undefined : fields.find((field) => field.key === key)
    const choices = own ? (fieldOf(own)?.options.choices ?? []) : []
    return {
      ...node,
      ...(organisation !== undefined && { organisation: nameOf(organisation) }),
      ...(to !== undefined && { to: nameOf(to) }),
      ...(book !== undefined && { book: books.get(Number(book)) ?? '' }),
      ...(own && { key: own.label }),
      ...(value !== undefined && { value: choices.find((one) => one.key === value)?.label ?? value }),
    }
  }
  return JSON.stringify(mapped(filter, told))
}

/** All questions of a filter, and what joins them. */
function nodesOf(node: unknown): Node[] {
  if (typeof node !== 'object' || node === null) return []
  const one = node as Node
  return [one, ...[one.all, one.any, one.not].flat().flatMap(nodesOf)]
}

function mapped(node: unknown, told: (question: Node) => Node): unknown {
  if (typeof node !== 'object' || node === null) return node
  const one = node as Node
  if (Array.isArray(one.all)) return { all: one.all.map((part) => mapped(part, told)) }
  if (Array.isArray(one.any)) return { any: one.any.map((part) => mapped(part, told)) }
  return one.not === undefined ? told(one) : { not: mapped(one.not, told) }
}
