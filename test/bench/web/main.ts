import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { type Browser, chromium } from 'playwright-core'
import { defaults, type Settings } from '../../../config/defaults.ts'
import { openServices } from '../../../src/compose.ts'
import { fill } from './fill.ts'
import { flows } from './flows.ts'
import { type Times, tableHead, tableRow } from './timings.ts'

const usage = `npm run bench:web -- [--contacts 100000] [--events 5000] [--each 20] [--data FOLDER] [--database postgres://…] [--only 'a person']
  times what people do in the web app, in Chromium (FARLEY_TEST_CHROMIUM, or /usr/bin/chromium) against a server of its own
  --data keeps the database, and uses what an earlier run left`

const { values } = parseArgs({
  options: {
    contacts: { type: 'string', default: '100000' },
    events: { type: 'string', default: '5000' },
    each: { type: 'string', default: '20' },
    data: { type: 'string' },
    database: { type: 'string', default: '' },
    only: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}

const data = values.data ?? mkdtempSync(join(tmpdir(), 'farley-web-'))
const settings: Settings = {
  ...defaults,
  ...{ data, database: { ...defaults.database, url: values.database }, log: { level: 'silent' } },
}
try {
  const services = await openServices(settings)
  await fill(services, { contacts: Number(values.contacts), events: Number(values.events) })
  await services.store[Symbol.asyncDispose]()
  await withServer(async (url) => {
    const browser = await chromium.launch({
      executablePath: process.env.FARLEY_TEST_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    })
    await measureAll(browser, url).finally(() => browser.close())
  })
} finally {
  if (values.data === undefined) rmSync(data, { recursive: true, force: true })
}

async function measureAll(browser: Browser, url: string): Promise<void> {
  console.log(tableHead)
  const [each, events] = [Number(values.each), Number(values.events)]
  for (const { name, run } of flows) {
    if (!name.includes(values.only)) continue
    const found: ReadonlyMap<string, Times> = await run(browser, { url, each, events })
    for (const [what, times] of found) console.log(tableRow(what, times))
  }
}

/** A server as people start it, in a process of its own. */
async function withServer(use: (url: string) => Promise<void>): Promise<void> {
  const program = new URL('../../../src/main.js', import.meta.url).pathname
  const server: ChildProcess = spawn(process.execPath, [program, 'serve', '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, FARLEY_LOG_LEVEL: 'error', FARLEY_DATABASE_URL: values.database },
  })
  const ended = new Promise((resolve) => server.once('exit', resolve))
  process.once('exit', () => server.kill('SIGTERM'))
  try {
    await use(await addressOf(server))
  } finally {
    server.kill('SIGTERM')
    await ended
  }
}

async function addressOf({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('The server says nothing.')
  for await (const line of createInterface({ input: stdout })) {
    const url = /^listening on (\S+)/.exec(line)?.[1]
    if (url !== undefined) return url
  }
  throw new Error('The server did not start.')
}
