import type { DeviceId, PrincipalId } from './ids.ts'

/** Where a change came from, for its revision and its event. */
export interface Origin {
  /** `rule`: the server itself, for what somebody else has changed at the same time. */
  readonly kind: 'client' | 'web' | 'import' | 'restore' | 'move' | 'copy' | 'job' | 'rule'
  readonly authorId?: PrincipalId | undefined
  readonly deviceId?: DeviceId | undefined
  readonly clientKind?: string | undefined
  readonly requestId?: string | undefined
}
