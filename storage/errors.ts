/** The database holds migrations that this program does not know. */
export class NewerDatabaseError extends Error {
  override name = 'NewerDatabaseError'

  constructor(migrations: readonly string[]) {
    super(
      `The database was written by a newer version of Farley (${migrations.join(', ')}): ` +
        'update Farley, or restore a backup made by this version.',
    )
  }
}

/** The database lacks migrations, and the caller asked not to run them. */
export class OlderDatabaseError extends Error {
  override name = 'OlderDatabaseError'

  constructor(migrations: readonly string[]) {
    super(`The database was written by an older version of Farley and lacks ${migrations.join(', ')}.`)
  }
}

/** The disk or the quota under the database is full. Nothing of the write remains. */
export class StorageFullError extends Error {
  override name = 'StorageFullError'
}

/** The database stayed locked by others, or in conflict with them, for longer than a write waits. */
export class StorageBusyError extends Error {
  override name = 'StorageBusyError'
}

/** A write was asked for inside the callback of another write. */
export class NestedWriteError extends Error {
  override name = 'NestedWriteError'

  constructor() {
    super('A write was asked for inside a write: pass the transaction on instead.')
  }
}

/** What the write had read is no longer so: the store runs its callback again. Only PostgreSQL meets it. */
export class WriteConflictError extends Error {
  override name = 'WriteConflictError'
}

/** What a driver's error means for whoever waits for the statement. */
export type StorageFault = 'full' | 'busy' | 'serialization' | 'unique' | 'conflict' | 'unavailable' | 'other'

/** Reads the driver's error code, also when the error has been wrapped. */
export function faultOf(error: unknown): StorageFault {
  if (error instanceof WriteConflictError) return 'conflict'
  if (error instanceof StorageFullError) return 'full'
  if (error instanceof StorageBusyError) return 'busy'
  const code = codeOf(error)
  if (code === undefined) return isBrokenOff(error) ? 'unavailable' : 'other'
  if (code === 'SQLITE_FULL' || code === '53100' || code === 'ENOSPC') return 'full'
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'busy'
  if (code === '40001' || code === '40P01') return 'serialization'
  if (lostConnection.test(code)) return 'unavailable'
  if (code === '23505' || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY')
    return 'unique'
  return 'other'
}

/** A full disk and a busy database under their own names; every other error as it is. */
export function translateError(error: unknown): unknown {
  if (error instanceof StorageFullError || error instanceof StorageBusyError) return error
  switch (faultOf(error)) {
    case 'full':
      return new StorageFullError('The disk under the database is full.', { cause: error })
    case 'busy':
    case 'serialization':
    case 'conflict':
    case 'unavailable':
      return new StorageBusyError('The database is busy.', { cause: error })
    default:
      return error
  }
}

/** PostgreSQL goes down, comes up, or has no connection to spare. */
const lostConnection = /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|57P0[1-3]|53300|08...)$/

/** Two errors of the driver come without a code. */
function isBrokenOff(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(?:Connection terminated|timeout exceeded when trying to connect)/.test(error.message)
  )
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  if ('driverError' in error) return codeOf(error.driverError)
  return undefined
}
