import { afterAll, afterEach, beforeAll } from 'vitest'
import { type Dav, davFor } from './dav.ts'
import { type Machine, newMachine } from './programs.ts'
import { type Account, type ClientServer, startServer } from './server.ts'

/** One test's stage: an account of its own, a machine of its own, and a second device. */
export interface Stage {
  readonly account: Account
  readonly machine: Machine
  readonly dav: Dav
  readonly isFarley: boolean
  /** Runs a command of Farley's beside the running server. */
  readonly farley: ClientServer['farley']
}

/**
 * Starts a server for the test file and gives a maker of stages; servers and homes go when the tests end.
 * To be called once, at the top of a test file.
 */
export function stages(): () => Promise<Stage> {
  let server: ClientServer | undefined
  const machines: Machine[] = []
  beforeAll(async () => {
    server = await startServer()
  })
  afterEach(async () => {
    for (const machine of machines.splice(0)) await machine.remove()
  })
  afterAll(async () => {
    await server?.stop()
  })
  return async () => {
    if (server === undefined) throw new Error('the server is not running')
    const account = await server.account()
    const machine = await newMachine()
    machines.push(machine)
    return { account, machine, dav: davFor(account), isFarley: server.isFarley, farley: server.farley }
  }
}
