/** A body that is not XML as we take it: 400 when malformed, 413 when larger than the limits. */
export class XmlError extends Error {
  override name = 'XmlError'
  readonly reason: 'malformed' | 'too-large'
  constructor(reason: 'malformed' | 'too-large', message: string) {
    super(message)
    this.reason = reason
  }
}
