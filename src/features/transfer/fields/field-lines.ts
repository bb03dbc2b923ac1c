import {
  escapeTextValue,
  type Parameter,
  parameter,
  unescapeText,
} from '../../../../protocol/text/content-lines.ts'
import { InvalidObjectError } from '../../../../protocol/text/invalid-object.ts'
import { writeLine } from '../../../../protocol/text/write-line.ts'
import { readCard } from '../../../../protocol/vcard/card.ts'
import type { Field } from '../../fields/field.ts'
import { validValue } from '../../fields/parse-value.ts'
import { type FieldValue, fieldProperty } from './field-values.ts'

/** A card with lines that say what stands in fields beside it. */
export function withFieldLines(text: string, values: readonly FieldValue[]): string {
  const end = /END:VCARD\s*$/i.exec(text)
  if (values.length === 0 || !end) return text
  const lines = values.map(({ field: { row }, value }) => {
    const parameters: Parameter[] = [
      { name: 'X-KEY', values: [row.key] },
      { name: 'X-NAME', values: [row.label] },
    ]
    return writeLine(fieldProperty, parameters, escapeTextValue(JSON.stringify(value)))
  })
  return text.slice(0, end.index) + lines.join('') + text.slice(end.index)
}

/** A card without the lines that say what stands in fields which there are here; what cannot be read stays. */
export function takeFieldLines(
  text: string,
  fields: readonly Field[],
): { readonly text: string; readonly values: readonly FieldValue[] } {
  if (fields.length === 0 || !text.toUpperCase().includes(fieldProperty)) return { text, values: [] }
  const values: FieldValue[] = []
  let left = ''
  let from = 0
  for (const line of linesOf(text)) {
    if (line.name !== fieldProperty) continue
    const value = jsonOf(line.value)
    const key = parameter(line, 'X-KEY')
    const field = fields.find(({ row }) => row.key === key && row.retiredAt === null)
    if (!field || !validValue(field, value)) continue
    values.push({ field, value })
    left += text.slice(from, line.start)
    from = line.end
  }
  return { text: left + text.slice(from), values }
}

function linesOf(text: string) {
  try {
    return readCard(text).lines
  } catch (error) {
    if (error instanceof InvalidObjectError) return []
    throw error
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(unescapeText(text))
  } catch {
    return undefined
  }
}
