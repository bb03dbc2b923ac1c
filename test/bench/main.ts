import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { runBench } from './bench.ts'
import { tableFoot, tableHead, tableRow } from './report.ts'

const usage = `npm run bench -- --url URL --user U --password P
  [--items 5000]     contacts, and events
  [--pid PID[,PID]]  roots of the server's process tree, for processor time and memory
  [--only a,b]       these operations alone
  [--keep]           leave the data, and use what an earlier run left
  [--cpu 500]        milliseconds of processor time after which a figure is firm
  [--wall 10000]     milliseconds after which an operation is stopped
  [--json FILE]      the result as JSON`

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    user: { type: 'string' },
    password: { type: 'string' },
    items: { type: 'string', default: '5000' },
    pid: { type: 'string', default: '' },
    only: { type: 'string', default: '' },
    keep: { type: 'boolean', default: false },
    cpu: { type: 'string', default: '500' },
    wall: { type: 'string', default: '10000' },
    json: { type: 'string' },
  },
})

const { url, user, password } = values
if (url === undefined || user === undefined || password === undefined) {
  console.error(usage)
  process.exit(2)
}

console.log(tableHead())
const result = await runBench({
  url,
  user,
  password,
  items: Number(values.items),
  pids: listOf(values.pid).map(Number),
  only: listOf(values.only),
  keep: values.keep,
  effort: { cpuMs: Number(values.cpu), wallMs: Number(values.wall) },
  onRow: (row) => console.log(tableRow(row)),
})
console.log(tableFoot(result))
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, undefined, 2)}\n`)

function listOf(text: string): string[] {
  return text.split(',').filter((part) => part !== '')
}
