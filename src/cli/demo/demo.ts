import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listPrincipals } from '../../../storage/principals.ts'
import { newAccountPassword } from '../../auth/app-password.ts'
import type { Services } from '../../services.ts'
import { type Command, type Invocation, UsageError, withServices } from '../command.ts'
import { serve } from '../serve.ts'
import { fillDemo } from './fill.ts'
import { colleagues, firm } from './firm.ts'

/** Where the firm is kept, unless `--data` says otherwise: never among what is somebody's own. */
const folder = './demo-data'

/** A firm that there is nowhere, to look at what the server does: made once, and served. */
export const demo: Command = {
  words: ['demo'],
  usage: '[--host H] [--port P] [--data DIR]',
  summary: 'Run the server with an invented firm to look at, in a folder of its own.',
  options: {
    host: { type: 'string', help: 'address to listen on' },
    port: { type: 'string', help: 'port; 0 picks a free one' },
  },
  run: async (invocation) => {
    const { values, print } = invocation
    const data = typeof values.data === 'string' ? values.data : folder
    const settings = { ...invocation.settings, data }
    const password = await withServices(settings, (services) => madeOnce(services, print))
    print(`${firm.name} is invented, and so is everybody in it. Sign in in a browser:`)
    for (const { name, displayName } of colleagues) print(`  ${name.padEnd(8)}${password}   ${displayName}`)
    return serve.run(withSettings(invocation, settings))
  },
}

function withSettings(invocation: Invocation, settings: Invocation['settings']): Invocation {
  return { ...invocation, settings }
}

/** @returns the password of all its accounts @throws UsageError for a folder that is somebody's own, or was left half made */
async function madeOnce(services: Services, print: Invocation['print']): Promise<string> {
  const note = join(services.settings.data, 'demo.json')
  if (existsSync(note)) return (JSON.parse(readFileSync(note, 'utf8')) as { password: string }).password
  if ((await services.store.read((reader) => listPrincipals(reader, 'user'))).length > 0) {
    throw new UsageError(
      `There are accounts in ${services.settings.data} that are not a whole demo: name another folder with --data.`,
    )
  }
  const password = newAccountPassword()
  print('Making the firm; this takes some seconds.')
  await fillDemo(services, password)
  await writeFile(note, `${JSON.stringify({ password })}\n`, { mode: 0o600 })
  return password
}
