import { type Parameter, parameterValues } from '../../text/content-lines.ts'

/** One line of a card on its way from one version to the other. */
export interface CardLine {
  /** As written. */
  readonly group: string | undefined
  /** In upper case. */
  readonly name: string
  readonly parameters: readonly Parameter[]
  /** Unfolded, escapes and all. */
  readonly value: string
  /** What the client wrote, folds and line end included, while nothing of it has changed. */
  readonly raw?: string
}

/** All lines of a card between BEGIN and END. A step gives back the lines it does not touch as they are. */
export type Lines = readonly CardLine[]
export type Step = (lines: Lines) => Lines

/** A step that looks at the lines of some names one by one. */
export function each(
  names: readonly string[],
  change: (line: CardLine, groups: Groups) => CardLine | Lines,
): Step {
  const meant = new Set(names)
  return (lines) => {
    if (!lines.some(({ name }) => meant.has(name))) return lines
    const groups = groupsOf(lines)
    return lines.flatMap((line) => (meant.has(line.name) ? change(line, groups) : line))
  }
}

/** A line with no group and no parameters but those given. */
export function newLine(name: string, value: string, parameters: readonly Parameter[] = []): CardLine {
  return { group: undefined, name, parameters, value }
}

/** The line with the changes made; itself, as the client wrote it, when they change nothing. */
export function changed(line: CardLine, changes: Partial<Omit<CardLine, 'raw'>>): CardLine {
  const { raw: _, ...fresh } = { ...line, ...changes }
  const isSame =
    fresh.name === line.name &&
    fresh.group === line.group &&
    fresh.value === line.value &&
    sameParameters(fresh.parameters, line.parameters)
  return isSame ? line : fresh
}

/** The values of a parameter, in lower case; a quoted list is taken apart (`TYPE="HOME,VOICE"`). */
export function wordsOf(line: Pick<CardLine, 'parameters'>, name: string): string[] {
  return parameterValues(line, name).flatMap((value) =>
    value.split(',').map((word) => word.trim().toLowerCase()),
  )
}

/** Whether a parameter has that value, in whatever case. */
export function hasWord(line: Pick<CardLine, 'parameters'>, name: string, word: string): boolean {
  return wordsOf(line, name).includes(word)
}

/** The parameters but those of the names given. */
export function without(parameters: readonly Parameter[], ...names: readonly string[]): readonly Parameter[] {
  return parameters.some(({ name }) => names.includes(name))
    ? parameters.filter(({ name }) => !names.includes(name))
    : parameters
}

/** The parameters with one of them set, where it stood or at the end; with no values it is left out. */
export function withParameter(
  parameters: readonly Parameter[],
  name: string,
  values: readonly string[],
): readonly Parameter[] {
  if (values.length === 0) return without(parameters, name)
  const at = parameters.findIndex((parameter) => parameter.name === name)
  if (at === -1) return [...parameters, { name, values }]
  return parameters.flatMap((parameter, index) =>
    index === at ? { name, values } : parameter.name === name ? [] : parameter,
  )
}

/** What is to be known of the groups of a card; their names are compared without case. */
export interface Groups {
  /** The text of X-ABLabel in the line's group, with Apple's marks for its own words (ABK-07). */
  labelOf(line: CardLine): string | undefined
  /** Lines of the line's group. */
  sizeOf(line: CardLine): number
  /** The first of `item1`, `item2`, … that is not in use, so that the same card gets the same ones each time. */
  take(): string
}

export function groupsOf(lines: Lines): Groups {
  const labels = new Map<string, string>()
  const sizes = new Map<string, number>()
  for (const { group, name, value } of lines) {
    if (group === undefined) continue
    const key = group.toLowerCase()
    sizes.set(key, (sizes.get(key) ?? 0) + 1)
    if (name === 'X-ABLABEL' && !labels.has(key)) labels.set(key, value)
  }
  let number = 0
  const keyOf = ({ group }: CardLine) => group?.toLowerCase() ?? ''
  return {
    labelOf: (line) => labels.get(keyOf(line)),
    sizeOf: (line) => sizes.get(keyOf(line)) ?? 0,
    take: () => {
      do number += 1
      while (sizes.has(`item${number}`))
      return `item${number}`
    },
  }
}

/** Whether a value begins with a URI's scheme. @see RFC 3986 §3.1 */
export function isUri(value: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:/.test(value)
}

/** Half a surrogate pair cannot be encoded in a URI. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}

/** The text of a percent-encoded part of a URI; undefined when it is none. */
export function decodeUri(encoded: string | undefined): string | undefined {
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded)
  } catch {
    return undefined
  }
}

function sameParameters(one: readonly Parameter[], other: readonly Parameter[]): boolean {
  if (one === other) return true
  return (
    one.length === other.length &&
    one.every(({ name, values }, at) => {
      const against = other[at]
      return (
        against?.name === name &&
        against.values.length === values.length &&
        values.every((value, index) => value === against.values[index])
      )
    })
  )
}
