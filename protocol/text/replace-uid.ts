import { escapeTextValue, readContentLines, unescapeText } from './content-lines.ts'
import { writeLine } from './write-line.ts'

/** A card or a calendar object under another UID; everything else stays byte for byte. */
export function replaceUid(text: string, uid: string, other: string): string {
  let result = ''
  let from = 0
  for (const line of readContentLines(text)) {
    if ('broken' in line || line.name !== 'UID' || unescapeText(line.value).trim() !== uid) continue
    result += text.slice(from, line.start) + writeLine('UID', line.parameters, escapeTextValue(other))
    from = line.end
  }
  return result + text.slice(from)
}
