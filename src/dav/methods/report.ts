import { refuse } from '../../../protocol/dav/preconditions.ts'
import { reportName } from '../../../protocol/dav/reports.ts'
import { authorize } from '../access.ts'
import { type Call, preferencesOf, readXmlBody } from '../call.ts'
import { appliedPreferences } from '../preferences.ts'
import type { Reply } from '../reply.ts'
import { findReport } from '../reports/index.ts'
import { mustFind } from '../tree.ts'

/** Hands a REPORT to the one that answers it. @see RFC 3253 §3.6, RFC 8144 §2.1 */
export async function report(call: Call): Promise<Reply> {
  const { session, location, store } = call
  // What the caller may read is judged once the body is there: he may take his time over it.
  const body = await readXmlBody(call)
  const resource = await store.read((reader) => mustFind(reader, session, location))
  const name = reportName(body)
  const found = findReport(name, resource.kind)
  if (!found || !body)
    throw refuse('supported-report', { message: `The report ${name} is not supported here.` })
  authorize(session, found.privilege ?? 'read', { resource })
  const reply = await found.answer(call, resource, body)
  if (reply.status !== 207) return reply
  const { minimal } = preferencesOf(call)
  return { ...reply, headers: { ...reply.headers, ...appliedPreferences({ minimal }) } }
}
