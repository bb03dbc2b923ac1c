import { bySize } from '../../storage/objects.ts'

const rowsAtOnce = 128

/** Cuts a page of rows into parts whose bodies are read together: some rows, and some megabytes, at most. */
export function* inParts<Row extends { readonly size: number }>(
  rows: readonly Row[],
): Generator<readonly Row[]> {
  for (let from = 0; from < rows.length; from += rowsAtOnce)
    yield* bySize(rows.slice(from, from + rowsAtOnce))
}
