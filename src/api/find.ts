import Router from '@koa/router'
import { refuseStatus } from '../../protocol/dav/preconditions.ts'
import type { Route } from './route.ts'

/** What a request is for. */
export interface Found {
  readonly route: Route
  /** The parts of the path that the route names, decoded. */
  readonly params: Readonly<Record<string, string>>
}

/** Finds the route of a request. @throws refusal 404, 405 */
export type FindRoute = (method: string, path: string) => Found

/** The way from a method and a path below /api to a route. What is spelt out goes before what varies. */
export function createFindRoute(routes: readonly Route[]): FindRoute {
  const router = new Router({ prefix: '/api' })
  const byPattern = new Map<string, Map<string, Route>>()
  for (const route of routes) {
    const pattern = `/api${route.path}`
    const methods = byPattern.get(pattern) ?? new Map<string, Route>()
    byPattern.set(pattern, methods.set(route.method, route))
  }
  const inOrder = [...byPattern.keys()].sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1))
  for (const pattern of inOrder)
    router.register(pattern.slice('/api'.length), [...(byPattern.get(pattern)?.keys() ?? [])], () => {})
  return (method, path) => {
    const [layer] = router.match(path, 'GET').path
    const methods = layer && byPattern.get(String(layer.path))
    if (!layer || !methods) throw refuseStatus(404, 'The API has nothing at this address.')
    const route = methods.get(method === 'HEAD' ? 'GET' : method)
    if (route) return { route, params: layer.params(path, layer.captures(path)) }
    const allowed = [...methods.keys()].join(', ')
    throw refuseStatus(405, `This address takes ${allowed}.`, { Allow: allowed })
  }
}

/** Sorts parts that vary behind those that are spelt out. */
function orderOf(pattern: string): string {
  return pattern.replaceAll(':', '\uffff')
}
