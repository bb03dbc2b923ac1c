import { type ClarkName, dav } from './names.ts'
import { refuseStatus } from './preconditions.ts'
import { child, elements, type XmlElement } from './xml-read.ts'

/** Which properties a PROPFIND or REPORT asks for. */
export type PropertyRequest =
  | { readonly kind: 'allprop'; readonly include: readonly ClarkName[] }
  | { readonly kind: 'propname' }
  /** Each name once, as elements: some properties have attributes or children that say what of them is wanted. */
  | { readonly kind: 'prop'; readonly elements: readonly XmlElement[] }

/**
 * Reads the body of a PROPFIND; no body means allprop. Unknown elements are passed over (MIN-16).
 * @throws refuseStatus(400) for another root, or unless it asks for exactly one of prop, allprop and propname
 * @see RFC 4918 §9.1, §14.20
 */
export function readPropfind(root: XmlElement | undefined): PropertyRequest {
  if (root === undefined) return { kind: 'allprop', include: [] }
  if (root.name !== dav('propfind')) throw refuseStatus(400, 'The body must be a DAV:propfind.')
  const request = readPropertyRequest(root)
  if (request === undefined) throw refuseStatus(400, 'The body asks for no properties.')
  return request
}

/**
 * The prop, allprop or propname inside an element; undefined when there is none.
 * @throws refuseStatus(400) when there are several
 */
export function readPropertyRequest(parent: XmlElement): PropertyRequest | undefined {
  const asked = elements(parent).filter((node) => kinds.has(node.name))
  const [request] = asked
  if (request === undefined) return undefined
  if (asked.length > 1) throw refuseStatus(400, 'Ask for one of prop, allprop and propname.')
  switch (kinds.get(request.name)) {
    case 'prop':
      return { kind: 'prop', elements: firstOfEachName(elements(request)) }
    case 'propname':
      return { kind: 'propname' }
    default: {
      const include = child(parent, dav('include'))
      return { kind: 'allprop', include: include ? elements(include).map((node) => node.name) : [] }
    }
  }
}

const kinds: ReadonlyMap<ClarkName, PropertyRequest['kind']> = new Map([
  [dav('prop'), 'prop'],
  [dav('allprop'), 'allprop'],
  [dav('propname'), 'propname'],
])

function firstOfEachName(asked: readonly XmlElement[]): readonly XmlElement[] {
  const names = new Set<ClarkName>()
  return asked.filter(({ name }) => names.size < names.add(name).size)
}
