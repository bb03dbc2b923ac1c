/** An import or an export cannot begin, or not go on; the message says why and what to do. */
export class TransferError extends Error {
  override name = 'TransferError'
  /** A word for what is behind it, by which a program says it in another language; undefined where there is none. */
  readonly reason: string | undefined
  constructor(message: string, reason?: string) {
    super(message)
    this.reason = reason
  }
}
