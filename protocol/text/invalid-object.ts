/** The preconditions an object's own octets can fail. @see RFC 4791 §5.3.2.1, RFC 6352 §6.3.2.1 */
export type ObjectPrecondition =
  | 'valid-calendar-data'
  | 'valid-calendar-object-resource'
  | 'supported-calendar-component'
  | 'supported-calendar-data'
  | 'max-attendees-per-instance'
  | 'max-instances'
  | 'valid-address-data'
  | 'supported-address-data'

/** A calendar object or a vCard that is not stored; `message` says why, for people and logs. */
export class InvalidObjectError extends Error {
  override name = 'InvalidObjectError'
  readonly precondition: ObjectPrecondition

  constructor(precondition: ObjectPrecondition, message: string) {
    super(message)
    this.precondition = precondition
  }
}
