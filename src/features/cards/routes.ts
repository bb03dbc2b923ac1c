import { Readable } from 'node:stream'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import { convertCard } from '../../../protocol/vcard/convert.ts'
import { builtInLabels } from '../../../protocol/vcard/edit/labels.ts'
import { readDetails } from '../../../protocol/vcard/edit/read-details.ts'
import { maskCard } from '../../../protocol/vcard/mask/mask-card.ts'
import { readMask } from '../../../protocol/vcard/mask/rules.ts'
import { placementsByObject } from '../../../storage/people/parties.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { checkMatch } from '../../api/conditions.ts'
import { fileNameOf, namedAs } from '../../api/file-name.ts'
import {
  type ApiCall,
  type ChangeCall,
  change,
  idIn,
  look,
  originOf,
  type Route,
  work,
} from '../../api/route.ts'
import { hasMoreLines } from '../devices/serve.ts'
import { readCardPhoto } from '../photos/card-photo.ts'
import { octetsAsFile } from '../texts.ts'
import { sourceOfCopy } from '../virtual/virtual.ts'
import { listBooks, shownBook } from './books.ts'
import {
  isTwin,
  may,
  mustBeAllowed,
  mustSeeBook,
  mustSeeCard,
  readyCard,
  type SeenCard,
  textOfCard,
} from './cards.ts'
import { copyCard, type Editing, editStored, makeCard, moveCard, removeCard } from './edit-cards.ts'
import { photoTypes, readPhoto, thumbnail } from './photos.ts'
import {
  bookList,
  cardChange,
  cardReply,
  labelList,
  maskedCard,
  maskedQuery,
  newCardRequest,
  photoQuery,
  transferRequest,
  vcardQuery,
} from './schema.ts'

const scope = 'people'
const affects = 'cards'

/** Cards over the API: read as typed details, edited as patches of their lines. */
export const cardRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/books', summary: 'The address books that I read', scope },
    { reply: bookList },
    async (call) => {
      const books = await listBooks(call, call.session)
      return { body: { books: books.map((book) => shownBook(book, call.session.principal.id)) } }
    },
  ),
  change(
    { method: 'POST', path: '/books/:id/cards', summary: 'Make a card', scope, affects },
    { body: newCardRequest, reply: cardReply, statuses: [201] },
    async (tx, call) => {
      const book = await mustSeeBook(tx, call.session, idIn(call))
      const made = await makeCard(tx, book, call.body, editingOf(call))
      return { ...(await shownCard(tx, made, call)), headers: { Location: `/api/cards/${made.id}` } }
    },
  ),
  look(
    { method: 'GET', path: '/cards/labels', summary: 'Labels that programs translate', scope },
    { reply: labelList },
    async () => ({ body: { labels: builtInLabels } }),
  ),
  look(
    { method: 'GET', path: '/cards/:id', summary: 'What a card says', scope },
    { reply: cardReply },
    (call) => readSeen(call, (reader, seen) => shownCard(reader, seen, call)),
  ),
  look(
    { method: 'GET', path: '/cards/:id/masked', summary: 'What a card says to who does not see all', scope },
    { query: maskedQuery, reply: maskedCard },
    (call) =>
      readSeen(call, async (reader, seen) => {
        const mask = readMask(call.query)
        if ('wrong' in mask) throw refuseStatus(422, `"${mask.wrong}" is no rule of a mask.`)
        const text = maskCard(await readableText(reader, seen, call), [mask])
        return { body: { details: text === undefined ? null : readDetails(text) } }
      }),
  ),
  change(
    {
      method: 'PATCH',
      path: '/cards/:id',
      summary: 'Edit a card: every other line of it stays',
      scope,
      affects,
    },
    { body: cardChange, reply: cardReply },
    async (tx, call) => {
      const seen = await mustMatch(tx, call)
      return shownCard(tx, await editStored(tx, seen, call.body.edits, editingOf(call)), call)
    },
  ),
  change(
    { method: 'DELETE', path: '/cards/:id', summary: 'Send a card to the trash', scope, affects },
    {},
    async (tx, call) => {
      await removeCard(tx, await mustMatch(tx, call), editingOf(call))
      return {}
    },
  ),
  change(
    { method: 'POST', path: '/cards/:id/move', summary: 'Move a card to another book', scope, affects },
    { body: transferRequest, reply: cardReply },
    async (tx, call) => {
      const seen = await mustMatch(tx, call)
      const target = await mustSeeBook(tx, call.session, call.body.book)
      return shownCard(tx, await moveCard(tx, seen, target, editingOf(call)), call)
    },
  ),
  change(
    { method: 'POST', path: '/cards/:id/copy', summary: 'Copy a card into another book', scope, affects },
    { body: transferRequest, reply: cardReply, statuses: [201] },
    async (tx, call) => {
      const seen = await mustMatch(tx, call)
      const target = await mustSeeBook(tx, call.session, call.body.book)
      const made = await copyCard(tx, seen, target, editingOf(call))
      return { ...(await shownCard(tx, made, call)), headers: { Location: `/api/cards/${made.id}` } }
    },
  ),
  look(
    { method: 'GET', path: '/cards/:id/vcard', summary: 'A card as a file', scope },
    { query: vcardQuery, gives: ['text/vcard'] },
    (call) =>
      readSeen(call, async (reader, seen) => {
        const text = await textOfCard(reader, seen)
        const { version } = call.query
        const headers = {
          'Content-Type': 'text/vcard; charset=utf-8',
          'Content-Disposition': `attachment; ${namedAs(fileOf(seen, text, call))}`,
        }
        if (version !== undefined) return { headers, body: octetsOf(Buffer.from(convertCard(text, version))) }
        const octets = seen.next ? Buffer.from(text) : await octetsAsFile(reader, seen.row, text)
        return { headers, body: octetsOf(octets) }
      }),
  ),
  look(
    { method: 'GET', path: '/cards/:id/photo', summary: 'The photo in a card', scope },
    { query: photoQuery, gives: photoTypes },
    async (call) => {
      const { row } = await readSeen(call, async (_, seen) => seen)
      const edge = call.query.size
      const photo = await readCardPhoto(call, row, edge === undefined ? undefined : thumbnail(edge))
      if (!photo) throw refuseStatus(404, 'The card has no photo of its own.')
      const headers = { 'Content-Type': photo.mediaType, 'X-Content-Type-Options': 'nosniff' }
      return { etag: row.etag, headers, body: octetsOf(photo.bytes) }
    },
  ),
  work(
    { method: 'PUT', path: '/cards/:id/photo', summary: 'Put a photo into a card', scope, affects },
    { takesOctets: true, reply: cardReply },
    async (call) => {
      // Who may not write here is not waited for.
      const { book } = await readSeen(call, async (_, seen) => seen)
      mustBeAllowed(book, 'write-content')
      const photo = await readPhoto(call.octets(), call)
      return call.store.write(async (tx) => {
        const seen = await mustMatch(tx, call)
        return shownCard(tx, await editStored(tx, seen, [{ op: 'photo', photo }], editingOf(call)), call)
      })
    },
  ),
  change(
    { method: 'DELETE', path: '/cards/:id/photo', summary: 'Take the photo out of a card', scope, affects },
    { reply: cardReply },
    async (tx, call) => {
      const seen = await mustMatch(tx, call)
      return shownCard(tx, await editStored(tx, seen, [{ op: 'photo', photo: null }], editingOf(call)), call)
    },
  ),
]

type AnyCall = Pick<
  ChangeCall<unknown>,
  | 'session'
  | 'params'
  | 'ifMatch'
  | 'ifNoneMatch'
  | 'isMatchJudged'
  | 'requestId'
  | 'settings'
  | 'now'
  | 'newId'
>

/** The card in the path, once what whoever asks is to see of it is there. @throws refusal 404 */
async function readSeen<T>(
  call: ApiCall<unknown>,
  use: (reader: Reader, seen: SeenCard) => Promise<T>,
): Promise<T> {
  await readyCard(call, call.session, idIn(call))
  return call.store.read(async (reader) => use(reader, await mustSeeCard(reader, call.session, idIn(call))))
}

/** The card in the path, as whoever asks has read it last. @throws refusal 404, 412 */
async function mustMatch(tx: Writer, call: AnyCall): Promise<SeenCard> {
  const seen = await mustSeeCard(tx, call.session, idIn(call))
  checkMatch(call, seen.row.etag)
  return seen
}

function editingOf(call: AnyCall): Editing {
  const { settings, now, newId, session } = call
  return { settings, now, newId, session, origin: originOf(call) }
}

async function shownCard(reader: Reader, seen: SeenCard, { settings }: Pick<AnyCall, 'settings'>) {
  const { id, row, book, next } = seen
  const text = await readableText(reader, seen, { settings })
  const etag = next?.etag ?? row.etag
  const body = {
    id,
    book: book.row.id,
    party: await partyOf(reader, seen),
    name: row.name,
    etag,
    changedAt: new Date(row.modifiedAt).toISOString(),
    rights: { edit: may(book, 'write-content'), remove: may(book, 'unbind') },
    details: readDetails(text),
  }
  return { etag, body }
}

/** What a card is called as a file: by whose it is, where that is read quickly. */
function fileOf({ id }: SeenCard, text: string, { settings }: Pick<AnyCall, 'settings'>): string {
  const isLong = hasMoreLines(text, settings.limits.convertedLines)
  return fileNameOf(isLong ? '' : nameIn(text), 'vcf', `card-${id}`)
}

/** Empty for what cannot be read: it is given as it is all the same. */
function nameIn(text: string): string {
  try {
    return readDetails(text).fn
  } catch (error) {
    if (error instanceof InvalidObjectError) return ''
    throw error
  }
}

/** @throws refusal 404, 409 */
async function readableText(reader: Reader, seen: SeenCard, { settings }: Pick<AnyCall, 'settings'>) {
  const text = await textOfCard(reader, seen)
  if (hasMoreLines(text, settings.limits.convertedLines))
    throw refuseStatus(409, 'The card is too long to be shown like this: take it as a file.')
  return text
}

/** Whom a card describes; a copy describes whom the card does that it was made of. */
async function partyOf(reader: Reader, { id, row, book }: SeenCard): Promise<number | null> {
  const isCopy = book.virtual !== undefined && !isTwin(book)
  const source = isCopy && book.virtual ? await sourceOfCopy(reader, book.virtual, row) : undefined
  const card = source?.row.id ?? id
  return (await placementsByObject(reader, [card])).get(card)?.partyId ?? null
}

function octetsOf(bytes: Buffer): Readable {
  return Readable.from([bytes], { objectMode: false })
}
