import { guarded } from './formulas.ts'

/**
 * A row of a table, with its line end; no cell is taken for a formula.
 * @see RFC 4180 §2
 */
export function writeRow(cells: readonly string[]): string {
  return `${cells.map(writeCell).join(',')}\r\n`
}

function writeCell(cell: string): string {
  const text = guarded(cell)
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
