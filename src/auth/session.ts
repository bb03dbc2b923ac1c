import type { DeviceId } from '../../storage/ids.ts'
import type { PrincipalRow } from '../../storage/principals.ts'

/** Who makes a request, verified. */
export interface Session {
  readonly principal: PrincipalRow
  /** The app password that was used: the device. */
  readonly deviceId: DeviceId | undefined
  readonly clientKind: string | undefined
  /** 'read' refuses every write. */
  readonly scope: 'read' | 'write'
}
