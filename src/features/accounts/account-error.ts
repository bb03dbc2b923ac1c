/** An account cannot be made, changed or removed as asked; the message says why and what to do. */
export class AccountError extends Error {
  override name = 'AccountError'
}
