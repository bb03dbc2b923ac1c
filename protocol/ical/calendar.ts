import { type BrokenLine, type ContentLine, readContentLines } from '../text/content-lines.ts'
import { InvalidObjectError } from '../text/invalid-object.ts'

/**
 * One BEGIN…END block. `lines` are its own properties, without BEGIN and END; `start` and `end` are offsets
 * into the text it was read from, so that text.slice(start, end) is the whole block as written.
 */
export interface Component {
  /** In upper case. */
  readonly name: string
  readonly lines: readonly ContentLine[]
  /** Lines that are no property; they are kept, and have no meaning. */
  readonly broken: readonly BrokenLine[]
  readonly components: readonly Component[]
  readonly start: number
  readonly end: number
}

/** One iCalendar object. Offsets in `root` point into `text`. */
export interface Calendar {
  readonly text: string
  readonly root: Component
  /** Its VTIMEZONEs by TZID. */
  readonly timezones: ReadonlyMap<string, Component>
}

/**
 * Reads exactly one iCalendar object into its tree of components. Line order, case, folds and line ends do not
 * matter, and nothing is changed or lost: every line knows its place in the text.
 * @throws InvalidObjectError `valid-calendar-data` when the text is not one balanced VCALENDAR
 * @see RFC 5545 §3.4, §3.6
 */
export function readCalendar(text: string): Calendar {
  const open: OpenComponent[] = []
  let root: OpenComponent | undefined
  for (const line of readContentLines(text)) {
    const current = open.at(-1)
    if ('broken' in line) {
      if (!current) throw invalid('There is text outside the VCALENDAR.')
      current.broken.push(line)
    } else if (line.name === 'BEGIN') {
      const begun = begin(line, current)
      if (!current && root) throw invalid('There is more than one VCALENDAR.')
      if (!current) root = begun
      if (open.push(begun) > maxDepth) throw invalid('Components are nested too deeply.')
    } else if (!current) {
      throw invalid('There is a property outside the VCALENDAR.')
    } else if (line.name === 'END') {
      if (componentName(line) !== current.name) {
        throw invalid(`END:${componentName(line)} closes a ${current.name}.`)
      }
      current.end = line.end
      open.pop()
    } else {
      current.lines.push(line)
    }
  }
  const unclosed = open.at(-1)
  if (unclosed) throw invalid(`The ${unclosed.name} has no END.`)
  if (!root) throw invalid('There is no VCALENDAR.')
  return { text, root, timezones: timezonesOf(root) }
}

/** The first property of that name (in upper case). */
export function property(component: Component, name: string): ContentLine | undefined {
  for (const line of component.lines) if (line.name === name) return line
  return undefined
}

/** Every property of that name (in upper case), in order. */
export function properties(component: Component, name: string): ContentLine[] {
  return component.lines.filter((line) => line.name === name)
}

/** Every component of that name directly inside (in upper case), in order. */
export function components(component: Component, name: string): Component[] {
  return component.components.filter((inner) => inner.name === name)
}

/** The name a BEGIN or END line carries. */
export function componentName(line: ContentLine): string {
  return line.value.trim().toUpperCase()
}

/** Deeper than any RFC nests them (VCALENDAR, VAVAILABILITY, AVAILABLE, VALARM, VLOCATION …). */
const maxDepth = 16

interface OpenComponent extends Component {
  readonly lines: ContentLine[]
  readonly broken: BrokenLine[]
  readonly components: OpenComponent[]
  end: number
}

function begin(line: ContentLine, parent: OpenComponent | undefined): OpenComponent {
  const name = componentName(line)
  if (!parent && name !== 'VCALENDAR') throw invalid(`The object is a ${name}, not a VCALENDAR.`)
  const begun: OpenComponent = {
    name,
    lines: [],
    broken: [],
    components: [],
    start: line.start,
    end: line.end,
  }
  parent?.components.push(begun)
  return begun
}

function timezonesOf(root: Component): ReadonlyMap<string, Component> {
  const found = new Map<string, Component>()
  for (const component of root.components) {
    if (component.name !== 'VTIMEZONE') continue
    const tzid = property(component, 'TZID')?.value
    if (tzid !== undefined && !found.has(tzid)) found.set(tzid, component)
  }
  return found
}

function invalid(message: string): InvalidObjectError {
  return new InvalidObjectError('valid-calendar-data', message)
}
