import { readContentLines, unescapeText } from '../../../protocol/text/content-lines.ts'

/** What people call an object: the name on a card, the title of an event or a task; empty without one. */
export function summaryOf(text: string, component: string): string {
  const wanted = component === 'VCARD' ? 'FN' : 'SUMMARY'
  let inside = 0
  for (const line of readContentLines(text)) {
    if ('broken' in line) continue
    if (line.name === 'BEGIN' && (inside > 0 || line.value.trim().toUpperCase() === component)) inside += 1
    else if (line.name === 'END' && inside > 0) inside -= 1
    else if (inside === 1 && line.name === wanted) return unescapeText(line.value).replace(/\s+/g, ' ').trim()
  }
  return ''
}
