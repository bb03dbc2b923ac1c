import { fold } from '../../../protocol/text/fold.ts'
import { valuesOfField } from '../../../storage/fields/custom-values.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { readableNodes } from '../documents/readable-nodes.ts'
import type { Field } from '../fields/field.ts'
import { isRecord } from '../fields/values.ts'
import type { NamedFile } from './asking/meanings.ts'

/** People whose files in a field are looked up, at most. */
const mostFiles = 5_000

/** The files in a field that somebody reads: one that he does not read is none, and its name says nothing. */
export async function filesOfField(
  reader: Reader,
  session: Session,
  { row }: Field,
): Promise<readonly NamedFile[]> {
  const values = await valuesOfField(reader, row.id, mostFiles)
  const placed = values.map(({ partyId, value }) => ({ partyId, node: nodeOf(value) }))
  const readable = await readableNodes(reader, session, [...new Set(placed.map(({ node }) => node))])
  return placed.flatMap(({ partyId, node }) => {
    const name = readable.get(node)?.name
    return name === undefined ? [] : [{ partyId, folded: fold(name) }]
  })
}

function nodeOf(value: string): number {
  const file: unknown = JSON.parse(value)
  return isRecord(file) ? Number(file.id) : 0
}
