import { carddav } from '../../../protocol/dav/names.ts'
import { readAddressbookQuery } from '../../../protocol/dav/reports.ts'
import type { ObjectRow } from '../../../storage/objects.ts'
import { findCards } from '../../features/contacts/query.ts'
import { type Call, preferencesOf } from '../call.ts'
import { createRenderer } from '../pages.ts'
import { streamedMultistatus } from '../reply.ts'
import type { ResourceOf } from '../resource.ts'
import { truncated } from './cut.ts'
import type { Report } from './report.ts'

/** The cards of a book that match a filter; more than the client's limit is told by 507 for the book. */
export const addressbookQuery: Report = {
  name: carddav('addressbook-query'),
  rfc: 'RFC 6352 §8.6',
  on: ['addressbook'],
  answer: async (call: Call, resource, body) => {
    const book = resource as ResourceOf<'addressbook'>
    const { request, filter, limit } = readAddressbookQuery(body)
    const page = createRenderer(call, request, preferencesOf(call).minimal).members(book)
    return streamedMultistatus(answer(book.href, findCards(call, book.row, filter), page, limit))
  },
}

async function* answer(
  href: string,
  pages: AsyncIterable<readonly ObjectRow[]>,
  render: (rows: readonly ObjectRow[]) => AsyncIterable<string>,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<string> {
  let left = limit
  for await (const rows of pages) {
    yield* render(rows.slice(0, left))
    if (rows.length > left) {
      yield truncated(href)
      return
    }
    left -= rows.length
  }
}
