import { randomUUID } from 'node:crypto'

/** How the test of a connection asks with a device's password, which is no use of the device: a header that is written down nowhere. */
export const testHeader = 'Farley-Test'
/** What stands in it, which nobody outside this process knows. */
export const testMark: string = randomUUID()
