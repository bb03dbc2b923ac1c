import { leftOut, targetComponents, writeTarget } from '../../../protocol/csv/target.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { BatchRow } from '../../../storage/batches/batches.ts'
import { BlobMissingError } from '../../../storage/blobs/blob-store.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import { actingFor } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import type { Field } from '../fields/field.ts'
import { may } from '../team/team-roles.ts'
import { findFiles } from '../transfer/find-files.ts'
import { fieldsFor } from '../transfer/import.ts'
import { type TableSample, tableSample } from '../transfer/read/table-pieces.ts'
import { findTargets } from '../transfer/targets.ts'
import { optionsOf, uploadOf, withUpload } from './uploads.ts'

/** What a table that was sent says of its columns, and where they may go. */
export interface UploadColumns {
  /** Undefined for a file that is no table. */
  readonly sample: TableSample | undefined
  readonly fields: readonly Field[]
  /** Whether fields may be defined for everybody; those of a book of one's own always may. */
  readonly mayDefine: boolean
}

/** Rows that are looked at. */
const sampleRows = 200

/** @throws refusal 409 when the file is no longer kept, or was not sent; 422 for columns that there are not */
export async function columnsOfUpload(
  services: Services,
  account: PrincipalRow,
  batch: BatchRow,
): Promise<UploadColumns> {
  const { store, settings } = services
  const options = optionsOf(batch)
  const targets = await store.read((reader) => findTargets(reader, account.id, options.into))
  const fields = await fieldsFor(services, account, targets)
  const wanted = await fieldsFor(services, account, targets, options.newFields)
  const read = { charset: options.charset, columns: options.columns, fields: wanted }
  const sample = await withFile(services, batch, async (path) => {
    const [file] = findFiles([path])
    const isTable = file !== undefined && 'format' in file && file.format === 'table'
    return isTable ? tableSample(path, read, sampleRows) : undefined
  })
  const mayDefine = await store.read((reader) => may(reader, actingFor(account, settings), 'define-fields'))
  return { sample, fields: fields.filter(({ row }) => row.retiredAt === null), mayDefine }
}

/** Does something with the file of an import. @throws refusal 409 when it is no longer kept, or was not sent */
export async function withFile<T>(
  services: Services,
  batch: BatchRow,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const upload = uploadOf(batch)
  if (!upload) throw notKept()
  try {
    return await withUpload(services, upload, use)
  } catch (error) {
    throw error instanceof BlobMissingError ? notKept() : error
  }
}

const notKept = (): Error => refuseStatus(409, 'The file is no longer kept: send it again.')

/** Texts of a column that are shown, and answers that are counted. */
const mostSamples = 5
const mostAnswers = 50
const longestSample = 200

/** The columns of a table as they are shown. */
export function shownColumns({ mapping, fields, rows }: TableSample) {
  return mapping.columns.map(({ header, target, isLeftOut, field: key }, at) => {
    const cells = rows.map((row) => (row[at] ?? '').trim()).filter((cell) => cell !== '')
    const texts = [...new Set(cells)]
    const field = fields.get(at)
    const named = field?.row.key ?? key
    const own = named === undefined ? null : `field:${named}`
    const isToBe = field !== undefined && field.row.id < 0
    const goes = isLeftOut ? leftOut : target ? writeTarget(target) : own
    return {
      ...{ number: at + 1, header, filled: cells.length, target: goes },
      samples: texts.slice(0, mostSamples).map((text) => text.slice(0, longestSample)),
      ...(isToBe && { newType: field.type }),
      answers: texts.length <= mostAnswers ? texts.map((text) => text.slice(0, longestSample)) : null,
    }
  })
}

/** Types that programs tell apart, by property. */
const typed: Readonly<Record<string, readonly string[]>> = {
  TEL: ['cell', 'home', 'work', 'fax'],
  EMAIL: ['home', 'work'],
  ADR: ['home', 'work'],
}

/** Everywhere that a column may go but fields, as it is written. */
export const possibleTargets: readonly string[] = Object.entries(targetComponents).flatMap(
  ([property, components]) => [
    property,
    ...(typed[property] ?? []).map((type) => `${property};${type}`),
    ...components.slice(1).map((component) => `${property}.${component}`),
  ],
)
