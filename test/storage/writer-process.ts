import { randomUUID } from 'node:crypto'
import { findObject } from '../../storage/objects.ts'
import { openStore } from '../../storage/store.ts'
import { putObject } from '../../storage/write-path.ts'

/** What the process is to do: its one argument, as JSON. */
interface Task {
  readonly database: Parameters<typeof openStore>[0]['database']
  readonly dataDirectory: string
  readonly collection: Parameters<typeof putObject>[1]['collection']
  readonly prefix: string
  readonly count: number
  readonly atOnce: number
}

/** Puts members, and prints the name of each when the store has answered. */
async function main(task: Task): Promise<void> {
  const { database, dataDirectory, collection, prefix, count, atOnce } = task
  await using store = await openStore({ database, dataDirectory, now: Date.now, newId: randomUUID })
  const put = async (n: number) => {
    const name = `${prefix}-${n}.vcf`
    const body = Buffer.from(`card ${name} `.repeat(20))
    await store.write(async (tx) =>
      putObject(tx, {
        collection,
        name,
        body,
        etag: `"${randomUUID()}"`,
        uid: name,
        component: 'VCARD',
        size: body.length,
        index: {},
        origin: { kind: 'client' },
        existing: await findObject(tx, collection.id, name),
      }),
    )
    process.stdout.write(`${name}\n`)
  }
  for (let n = 0; n < count; n += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, count - n) }, (_, k) => put(n + k)))
  }
}

await main(JSON.parse(process.argv[2] ?? '{}') as Task)
