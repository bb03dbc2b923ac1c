import type { Settings } from '../../config/defaults.ts'
import { refuseStatus } from '../../protocol/dav/preconditions.ts'
import type { DeviceId, TokenId, WebSessionId } from '../../storage/ids.ts'
import type { PrincipalRow } from '../../storage/principals.ts'
import type { TokenScope } from '../api/schema.ts'
import type { ListDialect } from '../features/devices/kinds.ts'

/** Who makes a request, verified. */
export interface Session {
  readonly principal: PrincipalRow
  /** The app password that was used: the device. */
  readonly deviceId: DeviceId | undefined
  /** What kind of client that is for: see `traitsOf`. */
  readonly clientKind: string | undefined
  /** Whether what the device cannot hold is kept when it writes; undefined: as is usual for its kind. */
  readonly merge?: boolean | undefined
  /** How that client knows lists of people. Where its app password does not say, its User-Agent decides this, and nothing else. */
  readonly lists: ListDialect
  /** The token that was used, and what it is for; it is for the API alone. */
  readonly token?: { readonly id: TokenId; readonly scopes: readonly TokenScope[] } | undefined
  /** Where it is a browser that is signed in: its session. */
  readonly browser?: { readonly id: WebSessionId; readonly csrfToken: string } | undefined
  /** 'read' refuses every write. */
  readonly scope: 'read' | 'write'
  /** Which other principals there are for him. */
  readonly directory: Directory
  /** Whether he has them as an address book. */
  readonly hasDirectoryBook: boolean
}

/** Everybody; those in his groups; or nobody. Whom he has to do with by delegation is always there. */
export type Directory = 'all' | 'groups' | 'none'

/** What the settings say about it. */
export function directoryOf({ directory }: Settings): Directory {
  const { visibility } = directory
  return visibility === 'all' || visibility === 'groups' ? visibility : 'none'
}

/** A session of somebody who is acted for: by whoever runs a command, or by a job that he has asked for. */
export function actingFor(principal: PrincipalRow, settings: Settings): Session {
  return {
    principal,
    deviceId: undefined,
    clientKind: undefined,
    lists: 'both',
    scope: 'write',
    directory: directoryOf(settings),
    hasDirectoryBook: false,
  }
}

/** What outlives the password of a device, or a token, neither of them makes. @throws refusal 403 */
export function mustBeInPerson({ deviceId, token }: Session): void {
  if (deviceId !== undefined || token !== undefined)
    throw refuseStatus(403, 'Sign in with the password of the account for that.')
}
