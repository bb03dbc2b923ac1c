import { refuseStatus } from '../../protocol/dav/preconditions.ts'
import type { Session } from '../auth/session.ts'
import { allows } from '../features/tokens/tokens.ts'
import type { Route } from './route.ts'
import type { Area } from './schema.ts'

/** The scopes that a token needs for a route, with blanks between; none where every token may. @see RFC 6749 §3.3 */
export function scopeOf(route: Pick<Route, 'scope' | 'kind'>): string {
  const way = route.kind === 'look' ? 'read' : 'write'
  return areasOf(route)
    .map((area) => `${area}:${way}`)
    .join(' ')
}

function areasOf({ scope }: Pick<Route, 'scope'>): readonly Area[] {
  if (scope === 'none') return []
  return typeof scope === 'string' ? [scope] : scope
}

/**
 * The session as this route may use it: a token says for each area whether it may write.
 * @throws refusal 403
 */
export function sessionFor(route: Route, session: Session): Session {
  const { token } = session
  if (!token) {
    if (route.kind !== 'look' && session.scope === 'read')
      throw refuseStatus(403, 'This app password may only read.')
    return session
  }
  const areas = areasOf(route)
  const mayAll = (way: 'read' | 'write'): boolean => areas.every((area) => allows(token.scopes, area, way))
  if (!mayAll(route.kind === 'look' ? 'read' : 'write')) throw insufficient(scopeOf(route))
  return { ...session, scope: areas.length > 0 && mayAll('write') ? 'write' : 'read' }
}

/** Whether whoever asks may do something in an area beside that of the route: a token has to be for it. */
export function isAllowed({ token }: Session, area: Area, way: 'read' | 'write'): boolean {
  return !token || allows(token.scopes, area, way)
}

/** The same, of what is written. @throws refusal 403 */
export function mustBeAllowed(session: Session, area: Area): void {
  if (!isAllowed(session, area, 'write')) throw insufficient(`${area}:write`)
}

/** @see RFC 6750 §3.1 */
function insufficient(scope: string): Error {
  const needed = scope.includes(' ') ? 'scopes' : 'scope'
  return refuseStatus(403, `The token needs the ${needed} ${scope}.`, {
    'WWW-Authenticate': `Bearer realm="Farley", error="insufficient_scope", scope="${scope}"`,
  })
}
