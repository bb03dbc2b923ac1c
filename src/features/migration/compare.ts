import { davRequest } from 'tsdav'
import { fixedDeclarations, hrefElement } from '../../../protocol/dav/xml-write.ts'
import { decodeText, TextEncodingError } from '../../../protocol/text/decode.ts'
import { compareObjects, type Difference } from '../../../protocol/text/differences.ts'
import {
  listMigrationItems,
  type MigrationItemRow,
  saveVerdict,
  type Verdict,
} from '../../../storage/migration-sources/items.ts'
import type { MigrationCollectionRow } from '../../../storage/migration-sources/sources.ts'
import { findObjectsByIds, type ObjectWithBody, readBody, withBodies } from '../../../storage/objects.ts'
import { listRevisions } from '../../../storage/revisions.ts'
import type { Reader } from '../../../storage/store.ts'
import { hasChangedSince } from '../changed-since.ts'
import type { MigrationEvent } from './events.ts'
import { canonicalPath, resolveHref } from './remote/addresses.ts'
import { declaration } from './remote/ask.ts'
import { fetchThrough } from './remote/fetch-through.ts'
import { multigetOf } from './remote/read-members.ts'
import type { Run } from './run.ts'

type ComparedEvent = Extract<MigrationEvent, { kind: 'compared' }>

/** One object of the other server, as a client of it reads it. */
interface Seen {
  readonly etag: string
  readonly text: string
}

/**
 * Compares what was copied with what the other server gives, item by item: read again, by another request than it was
 * copied with and with another reader of XML, so that no mistake of the copy is made twice.
 * @param options.isWhole  all items, not only those that were not compared since they were copied
 */
export async function* compareMembers(
  run: Run,
  target: MigrationCollectionRow,
  options: { readonly isWhole: boolean; readonly signal: AbortSignal },
): AsyncGenerator<ComparedEvent> {
  const { store } = run.services
  for (let after = 0; !options.signal.aborted; ) {
    const page = await store.read((reader) =>
      listMigrationItems(reader, target.id, { after, limit: pageItems }),
    )
    const due = page.filter(
      ({ outcome, objectId, verdict }) =>
        outcome === 'copied' && objectId !== null && (options.isWhole || verdict === null),
    )
    if (due.length > 0) {
      const compared = await comparePage(run, target, due)
      await store.write(async (tx) => {
        for (const { item, event, note } of compared) await saveVerdict(tx, item, event.verdict, note)
      })
      yield* compared.map(({ event }) => event)
    }
    after = page.at(-1)?.id ?? after
    if (page.length < pageItems) return
  }
}

/** Hrefs in one request: some servers take no more. */
const pageItems = 50

interface Compared {
  readonly item: MigrationItemRow
  readonly event: ComparedEvent
  readonly note: string
}

async function comparePage(
  run: Run,
  target: MigrationCollectionRow,
  items: readonly MigrationItemRow[],
): Promise<Compared[]> {
  const { store } = run.services
  const seen = await askMany(run, target, items)
  const ids = items.flatMap(({ objectId }) => objectId ?? [])
  const copied = await store.read(async (reader) => {
    const ours = await withBodies(reader, await findObjectsByIds(reader, ids))
    const byId = new Map(ours.map((row) => [row.id, row]))
    const found = new Map<string, ObjectWithBody>()
    for (const { path, objectId, etag } of items) {
      const own = objectId === null ? undefined : byId.get(objectId)
      if (own) found.set(path, (await asCopied(reader, own, etag)) ?? own)
    }
    return found
  })
  return items.map((item) => {
    const own = copied.get(item.path)
    const { verdict, differences } = judge(item, own, seen.get(item.path))
    const note = differences.map(shown).join('\n') || item.note
    const event = { kind: 'compared', verdict, href: item.href, place: own?.name ?? '', differences } as const
    return { item, event, note }
  })
}

/** As it was copied, where nothing but a rule of ours has changed it since: what lists say of each other. */
async function asCopied(
  reader: Reader,
  own: ObjectWithBody,
  etag: string | null,
): Promise<ObjectWithBody | undefined> {
  if (etag === null || own.etag === etag || (await hasChangedSince(reader, own, etag))) return undefined
  const revision = (await listRevisions(reader, own.id)).find((state) => state.etag === etag)
  const body = revision?.bodyId == null ? undefined : await readBody(reader, revision.bodyId)
  return body && { ...own, etag, body }
}

interface Judged {
  readonly verdict: Verdict
  readonly differences: readonly Difference[]
}

function judge(item: MigrationItemRow, own: ObjectWithBody | undefined, seen: Seen | undefined): Judged {
  if (!seen) return { verdict: 'gone', differences: [] }
  if (!own || own.etag !== item.etag) return { verdict: 'edited', differences: [] }
  const compared = compareObjects(seen.text, textOf(own.body))
  if (compared.kind !== 'differing') return { verdict: compared.kind, differences: [] }
  const isOther = seen.etag !== '' && item.remoteEtag !== '' && !seen.etag.includes(item.remoteEtag)
  return isOther
    ? { verdict: 'changed', differences: [] }
    : { verdict: 'differing', differences: compared.differences }
}

function textOf(body: Buffer): string {
  try {
    return decodeText(body).text
  } catch (error) {
    if (error instanceof TextEncodingError) return body.toString('utf8')
    throw error
  }
}

/** `one` is theirs, `other` ours. */
function shown({ path, one, other }: Difference): string {
  return `${path}: ${one ?? '(none)'} | ${other ?? '(none)'}`
}

/**
 * What the server gives of these objects, by path; those that it does not give are missing. A server that cannot give
 * them together, because of one that it cannot read itself, is asked for each.
 */
async function askMany(
  run: Run,
  target: MigrationCollectionRow,
  items: readonly MigrationItemRow[],
): Promise<Map<string, Seen>> {
  const seen = await askTogether(run, target, items)
  if (seen) return seen
  const [alone, ...others] = items
  if (alone && others.length === 0) return new Map(await askAlone(run, target, alone))
  const all = new Map<string, Seen>()
  for (const item of items) for (const [path, one] of await askMany(run, target, [item])) all.set(path, one)
  return all
}

/** By GET, as it was copied: then at least that is compared with what is stored. */
async function askAlone(
  { remote }: Run,
  { url }: MigrationCollectionRow,
  { href, path, remoteEtag }: MigrationItemRow,
): Promise<[string, Seen][]> {
  const place = resolveHref(href, new URL(url))
  const answer = place && (await remote.send({ method: 'GET', url: place }))
  return answer?.status === 200 ? [[path, { etag: remoteEtag, text: textOf(answer.body) }]] : []
}

/** @returns undefined when the server does not answer with a multistatus */
async function askTogether(
  { remote }: Run,
  { kind, url }: MigrationCollectionRow,
  items: readonly MigrationItemRow[],
): Promise<Map<string, Seen> | undefined> {
  const [report] = multigetOf(kind)
  const data = kind === 'calendar' ? '<c:calendar-data/>' : '<card:address-data/>'
  const hrefs = items.map(({ href }) => hrefElement(href)).join('')
  const body = `${declaration}<${report}${fixedDeclarations}><d:prop><d:getetag/>${data}</d:prop>${hrefs}</${report}>`
  const { fetch, failure, status } = fetchThrough(remote)
  const init = { method: 'REPORT', headers: { Depth: '1' }, body } as const
  const answers = await davRequest({ url, init, convertIncoming: false, fetch }).catch((error: unknown) => {
    throw failure() ?? error
  })
  if (status() !== 207) return undefined
  const seen = new Map<string, Seen>()
  for (const { href, ok, props } of answers) {
    const found = href === undefined ? undefined : resolveHref(href, new URL(url))
    const path = found && canonicalPath(found)
    const text = content(kind === 'calendar' ? props?.calendarData : props?.addressData)
    if (ok && path !== undefined && text !== undefined)
      seen.set(path, { etag: String(props?.getetag ?? ''), text })
  }
  return seen
}

/** Text, or CDATA in one piece or in several. */
function content(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return undefined
  const inside = value as { readonly _cdata?: unknown; readonly _text?: unknown }
  const parts = [inside._text, inside._cdata].flat().filter((part) => typeof part === 'string')
  return parts.length === 0 ? undefined : parts.join('')
}
