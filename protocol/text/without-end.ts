/**
 * A text without the letters at its end that are among these. Told by going back from the end: an expression for it, `/;+$/`, looks from
 * each letter of a run to the end of the run, which takes hours for a million of them before another.
 */
export function withoutEnd(text: string, letters: string): string {
  let end = text.length
  while (end > 0 && letters.includes(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}
