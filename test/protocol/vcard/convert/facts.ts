import { readContentLines, unescapeText } from '../../../../protocol/text/content-lines.ts'

/**
 * The words of a card that another form of it no longer has. Independent of how cards are converted: whatever stands
 * in a value or a parameter, letters or digits in a row, has to stand somewhere in the other.
 */
export function lostFacts(text: string, other: string): string[] {
  const there = words(other).join(' ')
  const digits = there.replace(/[^0-9]+/g, '')
  return words(text).filter((word) => !there.includes(word) && !(/^\d+$/.test(word) && digits.includes(word)))
}

function words(text: string): string[] {
  const found: string[] = []
  for (const line of readContentLines(text)) {
    if ('broken' in line) found.push(...wordsOf(line.broken))
    else if (!structural.has(line.name)) {
      for (const { name, values } of line.parameters) {
        if (!form.has(name)) found.push(...values.map(unescapeText).flatMap(wordsOf))
      }
      found.push(...wordsOf(decoded(line.value)))
    }
  }
  return found
}

const structural = new Set(['BEGIN', 'END', 'VERSION'])
/** Parameters that say how a value is written, not what it is. */
const form = new Set(['VALUE', 'ENCODING', 'CHARSET', 'X-VALUE', 'PREF', 'X-PREF', 'X-APPLE-OMIT-YEAR'])
/** Words that one version has a property, a parameter or a URI for, and the other a word of the value. */
const implied = new Set(
  'pref tel data base 64 image audio application geo org company anniversary uri agent t z 1604 x apple parent sibling co worker female keys octet stream 1900'.split(
    ' ',
  ),
)

/** Nothing that 4.0 can write. */
const fractions = /(T\d\d:\d\d:\d\d)\.\d+/g

function decoded(value: string): string {
  const plain = unescapeText(value)
    .replace(fractions, '$1')
    .replace(/^data:text\/vcard[^,]*,/, '')
  return /%[0-9a-f]{2}/i.test(plain) ? decodeURIComponent(plain) : plain
}

function wordsOf(value: string): string[] {
  return (value.toLowerCase().match(/\p{L}+|\p{N}+/gu) ?? []).filter((word) => !implied.has(word))
}
