import type { PartyId } from '../../../storage/ids.ts'
import { findObjectsByIds, type ObjectRow } from '../../../storage/objects.ts'
import type { Reader } from '../../../storage/store.ts'
import type { ApiCall } from '../../api/route.ts'
import { type CardForm, serveCard } from '../devices/serve.ts'
import { inParts } from '../parts.ts'
import { createPause } from '../pause.ts'
import { seeParties } from '../people/parties.ts'
import { reachOf } from '../people/reach.ts'
import { seenTexts } from '../people/seen-texts.ts'
import { ended } from '../transfer/export.ts'
import { type ExportedStream, exportFormats, inArray } from '../transfer/export-as.ts'
import { type CardSource, tableOf } from '../transfer/export-table.ts'
import type { PeopleExport } from './schema.ts'

const pagePeople = 500

/** Who asks for it, and how he wants it. */
type Exporting = Pick<ApiCall<PeopleExport>, 'store' | 'settings' | 'session' | 'body'>

/**
 * The cards by which people are shown, as whoever asks sees them, in their order and in one form, a piece at a time; memory
 * stays flat. Whom he does not see is left out.
 */
export function exportPeople(call: Exporting, ids: readonly PartyId[]): ExportedStream {
  const { format, version } = call.body
  const { contentType, ending } = exportFormats[format]
  const cards: CardSource = (options) => seenCards(call, ids, options)
  const maxLines = call.settings.limits.convertedLines
  const shown =
    (form: CardForm) =>
    (text: string, row: ObjectRow): string | undefined =>
      // What is hidden is cut out of the text alone: its row says nothing of that.
      serveCard({ text, version: row.version, uid: row.uid }, { form, maxLines })
  const octets = (): AsyncGenerator<Buffer> => {
    switch (format) {
      case 'vcf':
        return joined(cards({ shown: shown(version ?? 'stored') }))
      case 'csv':
        return tableOf(cards)
      case 'jcard':
      case 'jscontact':
        return inArray(cards({ shown: shown(format) }))
      default:
        return format satisfies never
    }
  }
  return { contentType, fileName: `contacts.${ending}`, octets: octets() }
}

async function* joined(pages: AsyncGenerator<readonly string[]>): AsyncGenerator<Buffer> {
  for await (const texts of pages) yield Buffer.from(texts.map(ended).join(''))
}

async function* seenCards(
  { store, session }: Exporting,
  ids: readonly PartyId[],
  { ready, shown = (text) => text }: Parameters<CardSource>[0],
): AsyncGenerator<readonly string[]> {
  const pause = createPause()
  for (let at = 0; at < ids.length; at += pagePeople) {
    const rows = await store.read((reader) => rowsOf(reader, session, ids.slice(at, at + pagePeople)))
    for (const part of inParts(rows)) {
      // Rights are asked anew: it may take long.
      const seen = await store.read(async (reader) => {
        await ready?.(reader, part)
        return seenTexts(reader, await reachOf(reader, session), part)
      })
      const texts: string[] = []
      for (const row of part) {
        const text = seen.get(row.id)
        const given = text === undefined ? undefined : shown(text, row)
        if (given !== undefined) texts.push(given)
        const turn = pause()
        if (turn) await turn
      }
      yield texts
    }
  }
}

async function rowsOf(
  reader: Reader,
  session: Exporting['session'],
  ids: readonly PartyId[],
): Promise<ObjectRow[]> {
  const seen = await seeParties(reader, await reachOf(reader, session), ids)
  const first = ids.flatMap((id) => seen.get(id)?.placements[0].objectId ?? [])
  const rows = new Map((await findObjectsByIds(reader, first)).map((row) => [row.id, row]))
  return first.flatMap((id) => rows.get(id) ?? [])
}
