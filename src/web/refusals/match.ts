/** Sentences as the server writes them, with `{name}` for each part that varies, and how they are said. */
export type Sentences = Readonly<Record<string, string>>

/** How a sentence is said; undefined where it is not known. */
export type Say = (sentence: string) => string | undefined

interface Template {
  /** What stands before, between and after the parts that vary. */
  readonly fixed: readonly string[]
  readonly names: readonly string[]
  readonly said: string
}

const hole = /\{(\w+)\}/

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
  const say = (sentence: string, depth: number): string | undefined => {
    const same = exact.get(sentence)
    if (same !== undefined || sentence.length > longest) return same
    for (const template of templates) {
      const parts = partsOf(sentence, template)
      if (!parts) continue
      return filled(template, parts, (part) => (depth < deepest ? say(part, depth + 1) : undefined))
    }
    return undefined
  }
  return (sentence) => say(sentence, 1)
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

/** A part that is a sentence itself brings its own full stop; what stands between quotation marks is somebody's own. */
function filled({ fixed, names, said }: Template, parts: readonly string[], say: Say): string {
  const pieces = said.split(hole)
  return pieces
    .map((piece, at) => {
      if (at % 2 === 0) return piece
      const place = names.indexOf(piece)
      const part = parts[place] ?? ''
      const known = fixed[place]?.endsWith('"') ? undefined : say(part)
      if (known === undefined) return part
      return pieces[at + 1]?.startsWith('.') ? known.replace(/\.$/, '') : known
    })
    .join('')
}
