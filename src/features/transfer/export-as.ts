import { writeJCal } from '../../../protocol/ical/jcal.ts'
import type { CardVersion } from '../../../protocol/vcard/convert.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import type { Services } from '../../services.ts'
import { type CardForm, serveCard } from '../devices/serve.ts'
import { type ExportOptions, exportCollection, exportObjects } from './export.ts'
import { exportTable } from './export-table.ts'
import { type FieldExport, type LoadedValues, loadValues } from './fields/export-values.ts'
import { withFieldLines } from './fields/field-lines.ts'
import { TransferError } from './transfer-error.ts'

/** The forms in which a collection is written out as one stream. */
export const exportFormats = {
  vcf: { kind: 'addressbook', contentType: 'text/vcard; charset=utf-8', ending: 'vcf' },
  csv: { kind: 'addressbook', contentType: 'text/csv; charset=utf-8; header=present', ending: 'csv' },
  jcard: { kind: 'addressbook', contentType: 'application/vcard+json', ending: 'json' },
  jscontact: { kind: 'addressbook', contentType: 'application/jscontact+json', ending: 'json' },
  ics: { kind: 'calendar', contentType: 'text/calendar; charset=utf-8', ending: 'ics' },
  jcal: { kind: 'calendar', contentType: 'application/calendar+json', ending: 'json' },
} as const satisfies Record<string, { kind: CollectionRow['kind']; contentType: string; ending: string }>

export type ExportFormat = keyof typeof exportFormats

export interface ExportedStream {
  readonly contentType: string
  /** A name for a file of it. */
  readonly fileName: string
  readonly octets: AsyncGenerator<Buffer>
}

/**
 * All of a collection in one form, a piece at a time; memory stays flat.
 * @param options.format  without it .vcf or .ics @param options.version  of the cards of a .vcf; without it as they are stored
 * @throws TransferError for a form that the kind of collection has not
 */
export function exportAs(
  { store, settings }: Pick<Services, 'store' | 'settings'>,
  collection: CollectionRow,
  options: {
    readonly format?: string | undefined
    readonly version?: string | undefined
    readonly view?: ExportOptions['view']
    /** What of fields goes along: in columns of a table, in lines of a .vcf. */
    readonly along?: FieldExport | undefined
  } = {},
): ExportedStream {
  const format = formatFor(collection, options.format)
  const version = versionFor(format, options.version)
  const { contentType, ending } = exportFormats[format]
  const { view, along } = options
  const maxLines = settings.limits.convertedLines
  const shown =
    (form: CardForm): NonNullable<ExportOptions['shown']> =>
    (text, row) =>
      serveCard({ ...row, text }, { form, maxLines })
  const octets = (): AsyncGenerator<Buffer> => {
    switch (format) {
      case 'vcf':
        return exportCollection(store, collection, { view, ...withFields(shown(version ?? 'stored'), along) })
      case 'ics':
        return exportCollection(store, collection, { view })
      case 'csv':
        return exportTable(store, collection, { view, along })
      case 'jcard':
      case 'jscontact':
        return inArray(exportObjects(store, collection, { view, shown: shown(format) }))
      case 'jcal':
        return inArray(exportObjects(store, collection, { view, shown: calendarAsJson }))
      default:
        return format satisfies never
    }
  }
  return { contentType, fileName: `${collection.name.replace(/[^\w.-]/g, '_')}.${ending}`, octets: octets() }
}

/** Cards with lines that say what stands in fields beside them. */
function withFields(
  shown: NonNullable<ExportOptions['shown']>,
  along: FieldExport | undefined,
): Pick<ExportOptions, 'shown' | 'ready'> {
  if (!along) return { shown }
  let values: LoadedValues | undefined
  return {
    ready: async (reader, rows) => {
      values = await loadValues(reader, along, rows)
    },
    shown: (text, row) => {
      const card = shown(text, row)
      return card && withFieldLines(card, values?.beside(row.id) ?? [])
    },
  }
}

function formatFor({ kind }: CollectionRow, given: string | undefined): ExportFormat {
  const format = given ?? (kind === 'calendar' ? 'ics' : 'vcf')
  const fitting = (Object.keys(exportFormats) as ExportFormat[]).filter(
    (one) => exportFormats[one].kind === kind,
  )
  const found = fitting.find((one) => one === format)
  if (found) return found
  throw new TransferError(
    `${kind === 'calendar' ? 'A calendar' : 'An address book'} is written as ${fitting.join(', ')}, not as "${format}".`,
  )
}

function versionFor(format: ExportFormat, given: string | undefined): CardVersion | undefined {
  if (given === undefined) return undefined
  if (format === 'vcf' && (given === '3.0' || given === '4.0')) return given
  throw new TransferError('The version is 3.0 or 4.0, and is that of the cards of a .vcf.')
}

/** Undefined for an object that cannot be read. */
function calendarAsJson(text: string): string | undefined {
  try {
    return JSON.stringify(writeJCal(text))
  } catch {
    return undefined
  }
}

/** Texts of JSON as one array, an item a line. */
export async function* inArray(pages: AsyncGenerator<readonly string[]>): AsyncGenerator<Buffer> {
  let separator = '[\n'
  for await (const texts of pages) {
    if (texts.length === 0) continue
    yield Buffer.from(separator + texts.join(',\n'))
    separator = ',\n'
  }
  yield Buffer.from(separator === '[\n' ? '[]\n' : '\n]\n')
}
