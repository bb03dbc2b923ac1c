import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type BenchResult, runBench } from './bench.ts'
import { comparisonTable } from './comparison.ts'
import { tableRow } from './report.ts'
import { type Server, startFarley, startPeer } from './servers.ts'

const { values } = parseArgs({
  options: {
    peers: { type: 'string', default: 'cyrus,radicale,xandikos' },
    'without-farley': { type: 'boolean', default: false },
    items: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    cpu: { type: 'string', default: '500' },
    wall: { type: 'string', default: '5000' },
    json: { type: 'string' },
  },
})

/** A server with the result of each round it has been through. */
interface Contestant {
  readonly server: Server
  readonly rounds: BenchResult[]
}

const folder = mkdtempSync(join(tmpdir(), 'farley-compare-'))
const contestants: Contestant[] = []
try {
  await startAll()
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const contestant of rotated(contestants, round)) await runRound(contestant, round)
    save()
  }
  console.log(comparisonTable(results()))
} finally {
  for (const { server } of contestants) await server.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function startAll(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stopEarly)
  if (!values['without-farley']) {
    const data = join(folder, 'farley')
    mkdirSync(data)
    contestants.push({ server: await startFarley(data), rounds: [] })
  }
  for (const name of listOf(values.peers)) {
    contestants.push({ server: startPeer(name, folder), rounds: [] })
  }
}

async function runRound({ server, rounds }: Contestant, round: number): Promise<void> {
  console.error(`round ${round + 1}, ${server.name}`)
  const { url, user, password, pids, fill } = server
  const result = await runBench({
    url,
    user,
    password,
    pids,
    fill,
    items: Number(values.items),
    only: listOf(values.only),
    keep: true,
    effort: { cpuMs: Number(values.cpu), wallMs: Number(values.wall) },
    onRow: (row) => console.error(tableRow(row)),
  })
  rounds.push(result)
}

function stopEarly(): void {
  const stopping = contestants.map(({ server }) => server.stop())
  void Promise.allSettled(stopping).then(() => {
    rmSync(folder, { recursive: true, force: true })
    process.exit(130)
  })
}

function save(): void {
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results(), undefined, 2)}\n`)
}

function results(): { name: string; rounds: BenchResult[] }[] {
  return contestants.map(({ server, rounds }) => ({ name: server.name, rounds }))
}

/** Each round begins with another server. */
function rotated<T>(list: readonly T[], by: number): T[] {
  return list.map((_, at) => list[(at + by) % list.length]).filter((entry) => entry !== undefined)
}

function listOf(text: string): string[] {
  return text.split(',').filter((part) => part !== '')
}
