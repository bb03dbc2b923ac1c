import { carddav } from '../../../protocol/dav/names.ts'
import { readAddressbookQuery } from '../../../protocol/dav/reports.ts'
import type { AddressFilter } from '../../../protocol/vcard/filter-types.ts'
import type { ObjectRow } from '../../../storage/objects.ts'
import { findCards, matchingCards } from '../../features/contacts/query.ts'
import { viewIn } from '../../features/views/view.ts'
import { type Call, preferencesOf } from '../call.ts'
import { createRenderer, type Renderer } from '../pages.ts'
import { multistatus, type Reply, streamedMultistatus } from '../reply.ts'
import type { ResourceOf } from '../resource.ts'
import { storedRow } from '../tree.ts'
import { truncated } from './cut.ts'
import type { Report } from './report.ts'

/**
 * The cards of a book that match a filter, or the one that is asked; more than the client's limit is told by 507 for the
 * book. Depth does not matter (MIN-17).
 */
export const addressbookQuery: Report = {
  name: carddav('addressbook-query'),
  rfc: 'RFC 6352 §8.6',
  on: ['addressbook', 'card'],
  answer: async (call: Call, resource, body) => {
    const { request, filter, limit } = readAddressbookQuery(body)
    const renderer = createRenderer(call, request, preferencesOf(call).minimal)
    if (resource.kind === 'card') return answerOne(call, renderer, resource, filter)
    const book = resource as ResourceOf<'addressbook'>
    const page = renderer.members(book)
    const view = await viewIn(call.store, book)
    return streamedMultistatus(answer(book.href, findCards(call, book.row, filter, view), page, limit))
  },
}

/** @see RFC 6352 §8 */
async function answerOne(
  call: Call,
  renderer: Renderer,
  card: ResourceOf<'card'>,
  filter: AddressFilter,
): Promise<Reply> {
  const shown = await renderer.one(card)
  const view = await viewIn(call.store, card.collection)
  const row = storedRow(card)
  const matching = await matchingCards(call, row ? [row] : [], filter, view)
  return multistatus(matching.length > 0 || filter.props.length === 0 ? shown : '')
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
