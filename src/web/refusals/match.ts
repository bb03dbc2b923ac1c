/**
 * Sentences as the server writes them, with `{name}` for each part that varies, and how they are said: there
 * `{name:size}` is a number of octets.
 */
export type Sentences = Readonly<Record<string, string>>

/** How a number of octets is said. */
export type SizeOf = (bytes: number) => string

/** How a sentence is said; undefined where it is not known. */
export type Say = (sentence: string, sizeOf: SizeOf) => string | undefined

interface Template {
  /** What stands before, between and after the parts that vary. */
  readonly fixed: readonly string[]
  readonly names: readonly string[]
  readonly said: string
}

const hole = /\{(\w+)\}/
const saidHole = /\{(\w+(?::size)?)\}/

/** Longer ones are said as they are. */
const longest = 2_000

/** A part of a sentence may be one itself, whose part may be one. */
const deepest = 3

/**
 * Makes sentences ready to be found. What stands between the parts that vary is looked for from left to right and nothing
 * is tried twice, so that no text of anybody takes long; where several fit, the one that says most by itself is meant.
 */
export function compileSentences(sentences: Sentences): Say {
  const exact = new Map(Object.entries(sentences).filter(([sentence]) => !hole.test(sentence)))
  const templates = Object.entries(sentences)
    .filter(([sentence]) => hole.test(sentence))
    .map(([sentence, said]) => templateOf(sentence, said))
    .toSorted((one, other) => weightOf(other) - weightOf(one))
  const say = (sentence: string, sizeOf: SizeOf, depth: number): string | undefined => {
    const same = exact.get(sentence)
    if (same !== undefined || sentence.length > longest) return same
    for (const template of templates) {
      const parts = partsOf(sentence, template)
      if (!parts) continue
      const inner: Say = (part) => (depth < deepest ? say(part, sizeOf, depth + 1) : undefined)
      return filled(template, parts, inner, sizeOf)
    }
    return undefined
  }
  return (sentence, sizeOf) => say(sentence, sizeOf, 1)
}

function templateOf(sentence: string, said: string): Template {
  const pieces = sentence.split(hole)
  return {
    fixed: pieces.filter((_, at) => at % 2 === 0),
    names: pieces.filter((_, at) => at % 2 === 1),
    said,
  }
}

function weightOf({ fixed }: Template): number {
  return fixed.reduce((sum, { length }) => sum + length, 0)
}

/** What stands in each place; undefined where the sentence is another one. */
function partsOf(sentence: string, { fixed }: Template): string[] | undefined {
  const [first = '', ...between] = fixed
  const last = between.pop() ?? ''
  const end = sentence.length - last.length
  if (!sentence.startsWith(first) || !sentence.endsWith(last) || end < first.length) return undefined
  const parts: string[] = []
  let from = first.length
  for (const text of between) {
    const at = sentence.indexOf(text, from)
    if (at < 0 || at + text.length > end) return undefined
    parts.push(sentence.slice(from, at))
    from = at + text.length
  }
  return [...parts, sentence.slice(from, end)]
}

function filled(template: Template, parts: readonly string[], say: Say, sizeOf: SizeOf): string {
  const { fixed, names, said } = template
  const pieces = said.split(saidHole)
  return pieces
    .map((piece, at) => {
      if (at % 2 === 0) return piece
      const [name = '', kind] = piece.split(':')
      const place = names.indexOf(name)
      const part = parts[place] ?? ''
      if (kind === 'size' && /^\d{1,15}$/.test(part)) return sizeOf(Number(part))
      // What stands between quotation marks is somebody's own.
      const known = fixed[place]?.endsWith('"') ? undefined : say(part, sizeOf)
      if (known === undefined) return part
      // A part that is a sentence itself brings its own full stop.
      return pieces[at + 1]?.startsWith('.') ? known.replace(/\.$/, '') : known
    })
    .join('')
}
