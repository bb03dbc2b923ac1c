import type { DeviceId, PrincipalId } from './ids.ts'

/** Where a change came from, for its revision and its event. */
export interface Origin {
  readonly kind: 'client' | 'web' | 'import' | 'restore' | 'move' | 'copy' | 'job'
  readonly authorId?: PrincipalId | undefined
  readonly deviceId?: DeviceId | undefined
  readonly clientKind?: string | undefined
  readonly requestId?: string | undefined
}
