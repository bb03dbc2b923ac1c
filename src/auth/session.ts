import type { PrincipalRow } from '../../storage/principals.ts'

/** Who makes a request, verified. */
export interface Session {
  readonly principal: PrincipalRow
  /** The app password that was used: the device. */
  readonly deviceId: number | undefined
  readonly clientKind: string | undefined
  /** 'read' refuses every write. */
  readonly scope: 'read' | 'write'
}
