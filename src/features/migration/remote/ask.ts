import { type RemoteMultistatus, readRemoteMultistatus } from '../../../../protocol/dav/multistatus-read.ts'
import type { ClarkName } from '../../../../protocol/dav/names.ts'
import { XmlError } from '../../../../protocol/dav/xml-read.ts'
import { element, fixedDeclarations } from '../../../../protocol/dav/xml-write.ts'
import { MigrationError } from './migration-error.ts'
import type { Remote, RemoteAnswer } from './remote.ts'

/** What a server says to a question that it answers with a 207. */
export type Asked =
  | ({ readonly kind: 'found'; readonly url: URL } & RemoteMultistatus)
  | { readonly kind: 'refused'; readonly status: number; readonly body: string }

/** Asks for properties. @param maxBytes  of the answer @throws MigrationError */
export async function askProperties(
  remote: Remote,
  url: URL,
  depth: '0' | '1',
  names: readonly ClarkName[],
  maxBytes?: number,
): Promise<Asked> {
  const properties = names.map((name) => element(name)).join('')
  const body = `${declaration}<d:propfind${fixedDeclarations}><d:prop>${properties}</d:prop></d:propfind>`
  const limit = maxBytes === undefined ? {} : { maxBytes }
  return readAnswer(await remote.send({ method: 'PROPFIND', url, headers: { Depth: depth }, body, ...limit }))
}

/** Asks for a report. @param content  the XML of its body, with the fixed prefixes */
export async function askReport(remote: Remote, url: URL, name: string, content: string): Promise<Asked> {
  const body = `${declaration}<${name}${fixedDeclarations}>${content}</${name}>`
  // RFC 6578 wants 0 of sync-collection, multiget does not care, and some servers list nothing for it.
  const headers = { Depth: name === 'd:sync-collection' ? '0' : '1' }
  return readAnswer(await remote.send({ method: 'REPORT', url, headers, body }))
}

export const declaration = '<?xml version="1.0" encoding="utf-8"?>\n'

function readAnswer({ status, body, url }: RemoteAnswer): Asked {
  if (status !== 207) return { kind: 'refused', status, body: body.toString('utf8', 0, 4_096) }
  try {
    const read = readRemoteMultistatus(body, answerLimits)
    if (read) return { kind: 'found', url, ...read }
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    throw new MigrationError(`${url.host} answers with XML that cannot be read: ${error.message}`)
  }
  throw new MigrationError(`${url.host} answers 207 with no multistatus.`)
}

/** The octets are bounded when they arrive. */
const answerLimits = { maxBytes: Number.MAX_SAFE_INTEGER, maxDepth: 64, maxNodes: 10_000_000 }
