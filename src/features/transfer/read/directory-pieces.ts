import { cardOfEntry, foldDn } from '../../../../protocol/ldif/card.ts'
import { readEntries } from '../../../../protocol/ldif/entries.ts'
import { writeDraft } from '../../../../protocol/vcard/edit/draft.ts'
import { contentUid } from '../../content-uid.ts'
import { type ImportPiece, type PieceOptions, prepared } from './pieces.ts'
import { detectCharset, textChunks } from './text-chunks.ts'

/**
 * The people and groups of a directory as cards, one at a time. An entry keeps its UID, which is made of its name, when
 * it is imported again.
 * @see RFC 2849, RFC 4519
 */
export function* directoryPieces(
  path: string,
  options: PieceOptions & { readonly charset?: string | undefined },
): Generator<ImportPiece> {
  const charset = options.charset ?? detectCharset(path)
  for (const record of readEntries(textChunks(path, charset, options.onProgress))) {
    const { line } = record
    if (record.kind === 'refused') {
      yield { kind: 'refused', reason: record.reason, at: 0, line }
      continue
    }
    const card = cardOfEntry(record, uidOf)
    if (card.kind === 'other') yield { kind: 'skipped', reason: card.reason, at: 0, line }
    else {
      const body = Buffer.from(writeDraft(card.draft, uidOf(record.dn)))
      yield { ...prepared(body, 0, card.draft.notes, options), line, isPatch: card.kind === 'person' }
    }
  }
}

function uidOf(dn: string): string {
  return contentUid(Buffer.from(`dn\n${foldDn(dn)}`))
}
