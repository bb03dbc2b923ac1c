/** @see RFC 4790 §9.2–9.3, RFC 5051 */
export type Collation = 'i;ascii-casemap' | 'i;unicode-casemap' | 'i;octet'

/** A text condition of a calendar or address book filter. @see RFC 4791 §9.7.5, RFC 6352 §10.5.4 */
export interface TextMatch {
  readonly value: string
  readonly collation: Collation
  /** The condition holds when the text does not match. */
  readonly negate: boolean
  readonly match: 'equals' | 'contains' | 'starts-with' | 'ends-with'
}

/**
 * Whether one text satisfies the condition, `negate` included.
 * A filter over several values of a property decides for itself how a negated condition spreads over them.
 * @param candidate  the unescaped text
 */
export function compareText(match: TextMatch, candidate: string): boolean {
  const fold = foldings[match.collation]
  let sought = soughtTexts.get(match)
  if (sought === undefined) {
    sought = fold(match.value)
    soughtTexts.set(match, sought)
  }
  return holds(match.match, fold(candidate), sought) !== match.negate
}

/**
 * Case away, then compatibility decomposition: `É` equals `é` and `ﬁ` equals `fi`, but `é` does not equal `e`.
 * Upper case stands for the titlecase map, which JavaScript has not: by way of lower case, for letters like ẞ,
 * but not ending there, because a lower case sigma depends on its neighbours.
 * @see RFC 5051 §2
 */
export function unicodeCasemap(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text)) return text.toUpperCase()
  return text.normalize('NFKD').toLowerCase().toUpperCase().normalize('NFKD')
}

/** A filter is compared with every value of many objects. */
const soughtTexts = new WeakMap<TextMatch, string>()

const foldings: Record<Collation, (text: string) => string> = {
  'i;ascii-casemap': asciiCasemap,
  'i;unicode-casemap': unicodeCasemap,
  'i;octet': (text) => text,
}

function holds(match: TextMatch['match'], text: string, sought: string): boolean {
  switch (match) {
    case 'equals':
      return text === sought
    case 'contains':
      return text.includes(sought)
    case 'starts-with':
      return text.startsWith(sought)
    case 'ends-with':
      return text.endsWith(sought)
    default:
      return match satisfies never
  }
}

/** Only a–z and A–Z are the same letters. @see RFC 4790 §9.2.1 */
function asciiCasemap(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text
}
