import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { findFiles } from '../find-files.ts'
import { countRows } from './table-pieces.ts'

/** How many items there are in a file, without looking into them: an event that has exceptions is several. */
export async function countItems(path: string): Promise<number> {
  const [file] = findFiles([path])
  if (!file || 'refused' in file) return 0
  if (file.format === 'table') return countRows(path)
  const begins = file.format === 'directory' ? /^dn::?\s/i : /^BEGIN:V(?:CARD|EVENT|TODO|JOURNAL)\s*$/i
  let count = 0
  for await (const line of createInterface({ input: createReadStream(path, 'latin1') }))
    if (begins.test(line)) count += 1
  return count
}
