/** An import or an export cannot begin, or not go on; the message says why and what to do. */
export class TransferError extends Error {
  override name = 'TransferError'
}
