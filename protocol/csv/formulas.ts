/** What spreadsheets take for the beginning of a formula, and what they pass over before one. */
const trigger = /^'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/
/** A telephone number computes to a number at worst: with an apostrophe no other program would know it for one. */
const telephone = /^\+\d[\d\s()./-]*$/

/**
 * A cell that no spreadsheet takes for a formula: where it would, an apostrophe goes before it, which spreadsheets do not
 * show and `unguarded` takes away.
 * @see OWASP CSV Injection
 */
export function guarded(cell: string): string {
  return trigger.test(cell) && !telephone.test(cell) ? `'${cell}` : cell
}

/** The cell without the apostrophe of `guarded`; one that stands before anything else is the writer's own. */
export function unguarded(cell: string): string {
  return cell.startsWith("'") && trigger.test(cell) ? cell.slice(1) : cell
}
