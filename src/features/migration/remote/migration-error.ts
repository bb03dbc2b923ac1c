import { NotPublicError, type OutboundError } from '../../../outbound/request.ts'
import { TransferError } from '../../transfer/transfer-error.ts'

/** Why another server gives nothing, in a word. */
export type RemoteReason =
  | 'address'
  | 'unreachable'
  | 'certificate'
  | 'tls'
  | 'private'
  | 'password'
  | 'sign-in'
  | 'redirect'
  | 'no-dav'
  | 'empty'
  | 'busy'

/** The other server cannot be asked, or a migration cannot go on; the message may be shown to people. */
export class MigrationError extends TransferError {
  override name = 'MigrationError'
  constructor(message: string, reason?: RemoteReason) {
    super(message, reason)
  }
}

/** An answer has more octets than are taken. */
export class LargeAnswerError extends MigrationError {
  override name = 'LargeAnswerError'
}

/** What went wrong on the way to a server, as a person who gave its address can mend it. */
export function mendable(error: OutboundError, { host, hostname }: URL): MigrationError {
  if (error instanceof NotPublicError) return new MigrationError(error.message, 'private')
  const code = codeOf(error)
  if (unknownNames.includes(code))
    return new MigrationError(
      `${host} cannot be reached: no server is known by the name ${hostname} (${code}).`,
      'address',
    )
  if (certificates.test(code))
    return new MigrationError(
      `${host} cannot be reached: its certificate cannot be trusted (${code}).`,
      'certificate',
    )
  if (handshakes.test(code))
    return new MigrationError(`${host} cannot be reached: it does not speak TLS there (${code}).`, 'tls')
  return new MigrationError(error.message, 'unreachable')
}

function codeOf({ cause }: OutboundError): string {
  const inner = cause instanceof AggregateError ? cause.errors[0] : cause
  return inner instanceof Error && 'code' in inner ? String(inner.code) : ''
}

const unknownNames: readonly string[] = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME']
const certificates = /^(?:CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|ERR_TLS_CERT|INVALID_CA)/
const handshakes = /^(?:EPROTO|ERR_SSL_|ERR_TLS_)/
