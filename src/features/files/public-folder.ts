import { matchesIfNoneMatch } from '../../../protocol/dav/conditions.ts'
import { findFolderLink, type LinkedFolder } from '../../../storage/nodes/folder-links.ts'
import { findNode, listNodes, type NodeRow } from '../../../storage/nodes/nodes.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Answer } from '../../api/route.ts'
import type { Services } from '../../services.ts'
import { pageLanguage, paper, publicHeaders } from '../public/paper.ts'
import { answerContent } from './content.ts'
import { type FolderPage, folderPage, lostPage } from './public-page.ts'

/** What a stranger asks of a public link to a folder. */
export interface FolderAsked {
  /** Of the link: see `publicFolderPath`. */
  readonly token: string
  /** The names on the way down from the folder; undefined where they are no names. */
  readonly names: readonly string[] | undefined
  /** Whether the address ends as that of a folder does. */
  readonly isFolder: boolean
  readonly ifNoneMatch: string | undefined
  readonly acceptLanguage: string | undefined
}

/** An address below that of a public link to a folder; undefined for another. @param path  as it was sent */
export function publicFolderPath(
  path: string,
): Pick<FolderAsked, 'token' | 'names' | 'isFolder'> | undefined {
  const [, token, rest] = /^\/public\/([\w-]{43})(\/.*)?$/.exec(path) ?? []
  if (token === undefined) return undefined
  const isFolder = rest?.endsWith('/') === true
  const parts = (rest ?? '')
    .split('/')
    .filter((part, index, all) => index > 0 && (part !== '' || index < all.length - 1))
  return { token, names: namesOf(parts), isFolder }
}

/** Names as they are called; nothing that could mean another place is one. */
function namesOf(parts: readonly string[]): string[] | undefined {
  try {
    const names = parts.map(decodeURIComponent)
    const isName = (name: string): boolean =>
      name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name)
    return names.length <= deepest && names.every(isName) ? names : undefined
  } catch {
    return undefined
  }
}

/** Folders in each other that are looked into at most. */
const deepest = 100
/** What is listed of one folder at most. */
const mostListed = 2_000

/**
 * What a stranger is shown: a page of what lies in a folder, or a file to be kept as it is.
 * @returns the link that was used too, where there is something
 */
export async function answerFolderLink(
  services: Pick<Services, 'store' | 'blobs' | 'now'>,
  asked: FolderAsked,
): Promise<{ readonly answer: Answer<string>; readonly linkId?: number }> {
  const { store, now } = services
  const found = await store.read((reader) => findShown(reader, asked, now()))
  if (!found) return { answer: lost(asked) }
  const { link, way } = found
  const node = way.at(-1) ?? found.folder
  if (node.kind === 'folder') {
    const answer = asked.isFolder ? await pageOf(services, found, asked) : moved(node, asked)
    return { answer, linkId: link.id }
  }
  if (asked.isFolder) return { answer: lost(asked) }
  if (!matchesIfNoneMatch(asked.ifNoneMatch, node.etag))
    return { answer: { status: 304, etag: node.etag, headers: publicHeaders }, linkId: link.id }
  const { headers, ...content } = await answerContent(services, node, true)
  return { answer: { ...content, headers: { ...headers, ...publicHeaders } }, linkId: link.id }
}

interface Shown extends LinkedFolder {
  /** What lies in each other on the way, the last what is asked for. */
  readonly way: readonly NodeRow[]
}

async function findShown(
  reader: Reader,
  { token, names }: FolderAsked,
  now: number,
): Promise<Shown | undefined> {
  const found = names && (await findFolderLink(reader, token, now))
  if (!found) return undefined
  const way: NodeRow[] = []
  for (const name of names) {
    const { homeId, id, kind } = way.at(-1) ?? found.folder
    const next = kind === 'folder' ? await findNode(reader, homeId, id, name) : undefined
    if (!next) return undefined
    way.push(next)
  }
  return { ...found, way }
}

async function pageOf(
  { store }: Pick<Services, 'store'>,
  { folder, link, way }: Shown,
  { acceptLanguage }: FolderAsked,
): Promise<Answer<string>> {
  const here = way.at(-1) ?? folder
  const items: NodeRow[] = []
  for await (const some of listNodes(store, here.homeId, here.id)) {
    items.push(...some)
    if (items.length > mostListed) break
  }
  const page: FolderPage = {
    names: [folder.name, ...way.map(({ name }) => name)],
    items: items.slice(0, mostListed),
    isCut: items.length > mostListed,
    expiresAt: link.expiresAt,
  }
  return paper(200, folderPage(page, pageLanguage(acceptLanguage)))
}

/** The addresses in a page begin where its own ends. */
function moved({ name }: NodeRow, { token, names }: FolderAsked): Answer<string> {
  const isTop = names?.length === 0
  return {
    status: 308,
    headers: { ...publicHeaders, Location: isTop ? `/public/${token}/` : `./${encodeURIComponent(name)}/` },
  }
}

function lost({ acceptLanguage }: FolderAsked): Answer<string> {
  return paper(404, lostPage(pageLanguage(acceptLanguage)))
}
