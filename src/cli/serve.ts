import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { listPrincipals } from '../../storage/principals.ts'
import { newAccountPassword } from '../auth/app-password.ts'
import { hashPassword } from '../auth/password.ts'
import { createAccount, findAccount } from '../features/accounts/accounts.ts'
import { followSettings } from '../features/admin/settings/follow.ts'
import { endStreams } from '../features/changes/streams.ts'
import { stopMigrations } from '../features/migration/api/background.ts'
import { makeAdministrator } from '../features/team/team-roles.ts'
import { createHttpServer } from '../http.ts'
import { startJobs } from '../jobs/runner.ts'
import type { Services } from '../services.ts'
import { type Command, withServices } from './command.ts'

/** How long open requests may go on after SIGTERM. */
const drainMs = 10_000
const idleCheckMs = 50

export const serve: Command = {
  words: ['serve'],
  usage: '[--host H] [--port P] [--data DIR]',
  summary: 'Run the server.',
  options: {
    host: { type: 'string', help: 'address to listen on' },
    port: { type: 'string', help: 'port; 0 picks a free one' },
  },
  run: ({ settings, print }) => {
    // The heap grows by 60 % instead of several times over before rubbish is collected: 140 MiB instead of 181 after the
    // benchmark, at the same processor time.
    setFlagsFromString('--heap-growing-percent=60')
    return withServices(settings, async (services) => {
      const first = await makeFirstAccount(services)
      const metrics = settings.metrics.enabled ? (await import('../metrics.ts')).createMetrics() : undefined
      const server = createHttpServer(services, metrics)
      const stopped = stopSignal()
      const { address, port, family } = await listen(server, settings.host, settings.port)
      const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
      if (first) {
        print('A first account was made. This is shown once:')
        print(`  address   ${url}`)
        print(`  user      ${first.name}`)
        print(`  password  ${first.password}`)
      }
      print(`listening on ${url}`)
      const jobs = startJobs(services)
      const following = followSettings(services)
      await stopped
      services.log.info('stopping')
      endStreams(services)
      await drain(server)
      await stopMigrations(services)
      await jobs.stop()
      await following.stop()
      return 0
    })
  },
}

/** An empty installation gets an account, so that a phone can be added at once. */
async function makeFirstAccount(services: Services): Promise<{ name: string; password: string } | undefined> {
  const { store, settings, newId } = services
  if ((await store.read((reader) => listPrincipals(reader, 'user'))).length > 0) return undefined
  const password = newAccountPassword()
  const passwordHash = await hashPassword(password, settings.auth.bcryptCost)
  const account = { name: 'admin', displayName: 'Admin', passwordHash }
  return store.write(async (tx) => {
    if ((await listPrincipals(tx, 'user')).length > 0) return undefined
    await createAccount(tx, account, settings, newId)
    await makeAdministrator(tx, await findAccount(tx, account.name))
    return { name: account.name, password }
  })
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
}

function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve(server.address() as AddressInfo))
  })
}

/** Lets open requests finish, and takes no new ones. A kept-alive connection ends when its request has. */
async function drain(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeIdleConnections()
  const idle = setInterval(() => server.closeIdleConnections(), idleCheckMs)
  const late = setTimeout(() => server.closeAllConnections(), drainMs)
  await closed
  clearInterval(idle)
  clearTimeout(late)
}
