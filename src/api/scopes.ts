import { refuseStatus } from '../../protocol/dav/preconditions.ts'
import type { Session } from '../auth/session.ts'
import { allows } from '../features/tokens/tokens.ts'
import type { Route } from './route.ts'

/** The scope that a token needs for a route. */
export function scopeOf({ scope, kind }: Pick<Route, 'scope' | 'kind'>): string {
  return `${scope}:${kind === 'look' ? 'read' : 'write'}`
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
  const mayWrite = allows(token.scopes, route.scope, 'write')
  const isEnough = route.kind === 'look' ? allows(token.scopes, route.scope, 'read') : mayWrite
  if (!isEnough && route.scope !== 'none') throw insufficient(scopeOf(route))
  return { ...session, scope: mayWrite ? 'write' : 'read' }
}

/** @see RFC 6750 §3.1 */
function insufficient(scope: string): Error {
  return refuseStatus(403, `The token needs the scope ${scope}.`, {
    'WWW-Authenticate': `Bearer realm="Farley", error="insufficient_scope", scope="${scope}"`,
  })
}
