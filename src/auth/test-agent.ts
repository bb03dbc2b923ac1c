import { randomUUID } from 'node:crypto'

/** What the test of a connection calls itself, which nobody else knows: what it asks with a device's password is no use of the device. */
export const testAgent = `Farley (connection test ${randomUUID()})`
