import { Readable } from 'node:stream'
import { matchesIfNoneMatch } from '../protocol/dav/conditions.ts'
import { refuseStatus } from '../protocol/dav/preconditions.ts'
import { touchFolderLink } from '../storage/nodes/folder-links.ts'
import { findPublicLink, type LinkedCollection, touchPublicLink } from '../storage/public-links.ts'
import type { Writer } from '../storage/store.ts'
import { fileNameOf, namedAs } from './api/file-name.ts'
import type { Answer } from './api/route.ts'
import { empty, type Reply } from './dav/reply.ts'
import { collectionEtag } from './dav/tokens.ts'
import { type BookFile, bookFile } from './features/devices/card-forms.ts'
import { answerFolderLink, publicFolderPath } from './features/files/public-folder.ts'
import { lostPage } from './features/files/public-page.ts'
import { collectionPage } from './features/public/collection-page.ts'
import { pageLanguage, paper, publicHeaders } from './features/public/paper.ts'
import { publicLinkToken, shownToPublic } from './features/sharing/public-links.ts'
import { exportCollection } from './features/transfer/export.ts'
import { createRequestRate } from './request-rate.ts'
import type { Services } from './services.ts'

export interface PublicRequest {
  readonly method: string
  readonly path: string
  /** Of the target, with its question mark; empty where there is none. */
  readonly query: string
  /** Where the server is reached: scheme and host. */
  readonly baseUrl: string
  /** The client's address. */
  readonly address: string
  readonly ifNoneMatch: string | undefined
  readonly accept: string | undefined
  readonly userAgent: string
  readonly acceptLanguage: string | undefined
}

export type ServePublicLink = (request: PublicRequest) => Promise<Reply>

/** The last use is written at most so often. */
const touchEveryMs = 300_000
/** Links that are remembered at most. */
const mostRemembered = 10_000

/**
 * Serves public links, without authentication: a calendar as .ics, a book as .vcf, and either as a page to whoever opens it in a
 * browser; a folder as pages with its files. Each address may ask so many times a
 * minute, whether or not it knows a link.
 */
export function createPublicLinks(services: Services): ServePublicLink {
  const { store, settings, now, log } = services
  const countRequest = createRequestRate(now)
  const touched = new Map<string, number>()

  const touch = (key: string, write: (tx: Writer, at: number) => Promise<void>): void => {
    const at = now()
    if ((touched.get(key) ?? 0) > at - touchEveryMs) return
    if (touched.size >= mostRemembered) touched.clear()
    touched.set(key, at)
    store
      .write((tx) => write(tx, at))
      .catch((error: unknown) => log.warn({ err: error }, 'the last use of a public link was not written'))
  }

  return async (request) => {
    const { method, path, address, ifNoneMatch, accept, userAgent, acceptLanguage } = request
    countRequest(address, settings.limits.publicRequestsPerMinute)
    if (method !== 'GET' && method !== 'HEAD')
      throw refuseStatus(405, 'A public link can be read only.', { Allow: 'GET, HEAD' })
    const folder = publicFolderPath(path)
    if (folder) {
      const asked = { ...folder, ifNoneMatch, acceptLanguage }
      const { answer, linkId } = await answerFolderLink(services, asked)
      if (linkId !== undefined) touch(`folder ${linkId}`, (tx, at) => touchFolderLink(tx, linkId, at))
      return replyOf(answer)
    }
    const token = publicLinkToken(path)
    const found =
      token === undefined ? undefined : await store.read((reader) => findPublicLink(reader, token))
    const language = pageLanguage(acceptLanguage)
    const isPage = isForPerson(request)
    if (!found && isPage) return replyOf(paper(404, lostPage(language), 'Accept, '))
    if (!found) throw refuseStatus(404, 'There is nothing at this address, or the link was withdrawn.')
    const { id } = found.link
    touch(`collection ${id}`, (tx, at) => touchPublicLink(tx, id, at))
    const { kind } = found.collection
    if (isPage) {
      const asked = { shown: shownToPublic, address: request.baseUrl + path, language }
      const html = await collectionPage(services, found.collection, asked)
      return replyOf(paper(200, html, 'Accept, '))
    }
    const book =
      kind === 'addressbook' ? bookFile({ clientKind: undefined, userAgent }, accept, settings) : undefined
    const etag = collectionEtag({ epoch: found.epoch, row: found.collection })
    const headers = headersOf(found, etag, book)
    if (!matchesIfNoneMatch(ifNoneMatch, headers.ETag)) return empty(304, headers)
    const shown = book?.shown ?? shownToPublic
    const body = Readable.from(exportCollection(store, found.collection, { shown }), { objectMode: false })
    return { status: 200, headers, body }
  }
}

/**
 * Whether somebody opens the address in a browser. Programs that subscribe ask for anything, or for calendars; some name HTML
 * because what they are written with does, but none XHTML, as browsers do when they go to a page.
 */
function isForPerson({ accept = '', query }: PublicRequest): boolean {
  return accept.includes('text/html') && accept.includes('application/xhtml+xml') && query !== '?file'
}

function replyOf({ status = 200, headers, body, etag }: Answer<string>): Reply {
  return {
    status,
    headers: { ...headers, ...(etag && { ETag: etag }) },
    ...(body !== undefined && { body }),
  }
}

function headersOf({ collection }: LinkedCollection, etag: string, book: BookFile | undefined) {
  const { displayname, name } = collection
  const fileName = fileNameOf(displayname || name, book ? 'vcf' : 'ics', 'collection')
  return {
    ...publicHeaders,
    'Content-Type': book?.contentType ?? 'text/calendar; charset=utf-8',
    'Content-Disposition': `attachment; ${namedAs(fileName)}`,
    ETag: etag,
    Vary: 'Accept',
  }
}
