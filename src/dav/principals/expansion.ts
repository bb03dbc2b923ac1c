import { HrefError, readHref } from '../../../protocol/dav/href.ts'
import { statusResponse } from '../../../protocol/dav/multistatus.ts'
import { type ClarkName, dav } from '../../../protocol/dav/names.ts'
import { refuse } from '../../../protocol/dav/preconditions.ts'
import { asRequest, type ExpandedProperty } from '../../../protocol/dav/principal-reports.ts'
import { textOf, type XmlElement } from '../../../protocol/dav/xml-read.ts'
import { findVisiblePrincipals } from '../../features/rights/directory.ts'
import { type Call, preferencesOf } from '../call.ts'
import { createRenderer } from '../pages.ts'
import { type Location, locate } from '../paths.ts'
import type { Resource } from '../resource.ts'
import { findReadable, principalResource } from '../tree.ts'
import { hrefsIn, propertiesIn, readResponses } from './read-back.ts'

/** Works out one expand-property report. */
export interface Expansion {
  /**
   * The response elements of resources, the hrefs in their properties followed as deep as is asked.
   * @throws number-of-matches-within-limits when that are too many
   */
  expand(resources: readonly Resource[], properties: readonly ExpandedProperty[]): Promise<XmlElement[]>
}

/** @see RFC 3253 §3.8 */
export function createExpansion(call: Call): Expansion {
  const { expandedHrefs, expandedLevels } = call.settings.limits
  let left = expandedHrefs

  async function expand(
    resources: readonly Resource[],
    properties: readonly ExpandedProperty[],
    level = 0,
  ): Promise<XmlElement[]> {
    if (level > expandedLevels) throw refuse('number-of-matches-within-limits')
    const renderer = createRenderer(call, asRequest(properties), preferencesOf(call).minimal)
    const texts: string[] = []
    for (const alike of runsOfOneKind(resources)) texts.push(await renderer.alike(alike))
    let responses = readResponses(texts.join(''))
    for (const { name, inner } of properties) {
      if (inner.length > 0) responses = await follow(responses, name, inner, level + 1)
    }
    return responses
  }

  /** Puts what the hrefs of one property name into their place. */
  async function follow(
    responses: readonly XmlElement[],
    name: ClarkName,
    inner: readonly ExpandedProperty[],
    level: number,
  ): Promise<XmlElement[]> {
    const hrefs = new Set(
      responses.flatMap((response) => {
        const property = propertiesIn(response).get(name)
        return property ? hrefsIn(property) : []
      }),
    )
    left -= hrefs.size
    if (left < 0) throw refuse('number-of-matches-within-limits')
    const found = await resolve(call, [...hrefs])
    const expanded = await expand([...found.values()], inner, level)
    const byHref = new Map([...found.keys()].map((href, at) => [href, expanded[at]]))
    return responses.map((response) => replaceIn(response, name, byHref))
  }

  return { expand: (resources, properties) => expand(resources, properties) }
}

/** The resources that hrefs name, where the caller may read them: principals all at once. */
async function resolve(call: Call, hrefs: readonly string[]): Promise<ReadonlyMap<string, Resource>> {
  const { session, store } = call
  const places = hrefs.map((href) => ({ href, location: locationOf(href) }))
  const segments = places.flatMap(({ location }) =>
    location?.kind === 'principal' ? [location.segment] : [],
  )
  return store.read(async (reader) => {
    const principals = await findVisiblePrincipals(reader, session, segments)
    const found = new Map<string, Resource>()
    for (const { href, location } of places) {
      if (location?.kind === 'principal') {
        const principal = principals.get(location.segment)
        if (principal) found.set(href, principalResource(session, principal))
        continue
      }
      const resource = location && (await findReadable(reader, session, location))
      if (resource) found.set(href, resource)
    }
    return found
  })
}

function locationOf(href: string): Location | undefined {
  try {
    return locate(readHref(href))
  } catch (error) {
    if (error instanceof HrefError) return undefined
    throw error
  }
}

/** Neighbours of one kind, which are rendered together. */
function runsOfOneKind(resources: readonly Resource[]): Resource[][] {
  const runs: Resource[][] = []
  for (const resource of resources) {
    const run = runs.at(-1)
    if (run?.[0]?.kind === resource.kind) run.push(resource)
    else runs.push([resource])
  }
  return runs
}

/** A response with the hrefs in one of its properties replaced; those that lead nowhere are 404. */
function replaceIn(
  response: XmlElement,
  name: ClarkName,
  byHref: ReadonlyMap<string, XmlElement | undefined>,
): XmlElement {
  const inProperty = (node: XmlElement): XmlElement =>
    node.name === dav('href') ? (byHref.get(textOf(node)) ?? missing(textOf(node))) : mapped(node, inProperty)
  const inProp = (node: XmlElement): XmlElement => (node.name === name ? mapped(node, inProperty) : node)
  const inPropstat = (node: XmlElement): XmlElement =>
    node.name === dav('prop') ? mapped(node, inProp) : node
  return mapped(response, (node) => (node.name === dav('propstat') ? mapped(node, inPropstat) : node))
}

function mapped(element: XmlElement, map: (node: XmlElement) => XmlElement): XmlElement {
  return {
    ...element,
    children: element.children.map((node) => (typeof node === 'string' ? node : map(node))),
  }
}

function missing(href: string): XmlElement {
  const [response] = readResponses(statusResponse(href, 404))
  if (!response) throw new TypeError('A response was not read back.')
  return response
}
