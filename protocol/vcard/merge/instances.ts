import type { CardLine, Lines } from '../convert/line.ts'

/** One property of a card, with the lines of its group that go with it. */
export interface Instance {
  readonly name: string
  readonly main: CardLine
  /** X-ABLabel and the like; none where the group has several properties and this is not the first. */
  readonly riders: readonly CardLine[]
  /** The value of the X-ABLabel in its group, as written. */
  readonly label: string | undefined
  /** Whether its group has other properties, so that what goes with it is theirs too. */
  readonly isSharing: boolean
  /** Which instance of those served it is, where that is known. */
  readonly from?: Instance
}

/** Lines that say something about another one of their group (ABK-07). */
const riderNames: ReadonlySet<string> = new Set([
  'X-ABLABEL',
  'X-ABADR',
  'X-APPLE-SUBLOCALITY',
  'X-APPLE-SUBADMINISTRATIVEAREA',
])

export function isRider({ name }: Pick<CardLine, 'name'>): boolean {
  return riderNames.has(name)
}

/** The properties of a card in their order, but VERSION. */
export function instancesOf(lines: Lines): readonly Instance[] {
  const groups = groupsOf(lines)
  return lines.flatMap((main): Instance[] => {
    if (main.name === 'VERSION') return []
    const group = main.group === undefined ? undefined : groups.get(main.group.toLowerCase())
    if (group === undefined) return [alone(main)]
    const [first] = group.mains
    if (isRider(main)) return first === undefined ? [alone(main)] : []
    const label = group.riders.find(({ name }) => name === 'X-ABLABEL')?.value
    const riders = main === first ? group.riders : []
    return [{ name: main.name, main, riders, label, isSharing: group.mains.length > 1 }]
  })
}

/** An instance without a group. */
export function alone(main: CardLine): Instance {
  return { name: main.name, main, riders: [], label: undefined, isSharing: false }
}

/** Instances by the name of their property. */
export function byName(instances: readonly Instance[]): Map<string, Instance[]> {
  const classes = new Map<string, Instance[]>()
  for (const instance of instances) {
    const known = classes.get(instance.name)
    if (known) known.push(instance)
    else classes.set(instance.name, [instance])
  }
  return classes
}

interface Group {
  readonly mains: CardLine[]
  readonly riders: CardLine[]
}

function groupsOf(lines: Lines): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>()
  for (const line of lines) {
    if (line.group === undefined) continue
    const key = line.group.toLowerCase()
    const group = groups.get(key) ?? { mains: [], riders: [] }
    groups.set(key, group)
    if (isRider(line)) group.riders.push(line)
    else group.mains.push(line)
  }
  return groups
}
