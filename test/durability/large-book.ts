import { randomUUID } from 'node:crypto'
import { findCollection } from '../../storage/collections.ts'
import { listHomes } from '../../storage/homes.ts'
import { findPrincipalByName } from '../../storage/principals.ts'
import { openStore } from '../../storage/store.ts'
import { putObject } from '../../storage/write-path.ts'
import { card } from '../dav/objects.ts'
import type { DataFolder } from './server-process.ts'

const batch = 2_000

/** Fills the first account's book by the write path, in large transactions, while no server runs. */
export async function fillBook(folder: DataFolder, count: number): Promise<void> {
  const { path: dataDirectory, database: path } = folder
  const database = { kind: 'sqlite', path } as const
  await using store = await openStore({ database, dataDirectory, now: Date.now, newId: randomUUID })
  const book = await store.read(async (reader) => {
    const account = await findPrincipalByName(reader, 'admin')
    const homes = account ? await listHomes(reader, account.id) : []
    const home = homes.find(({ kind }) => kind === 'addressbooks')
    return home && findCollection(reader, home.id, 'contacts')
  })
  if (!book) throw new Error('The first account has no book.')
  for (let from = 0; from < count; from += batch) {
    await store.write(async (tx) => {
      for (let n = from; n < Math.min(from + batch, count); n += 1) {
        const uid = `card-${n}`
        const body = Buffer.from(card(uid, `Person ${n}`, [`EMAIL:person-${n}@example.org`]))
        await putObject(tx, {
          collection: book,
          name: `${uid}.vcf`,
          body,
          etag: `"${n.toString(36).padStart(27, '0')}"`,
          uid,
          component: 'VCARD',
          version: '3.0',
          size: body.length,
          index: { contact: [{ kind: 'fn', value: `Person ${n}`, folded: `person ${n}` }] },
          origin: { kind: 'import' },
          existing: undefined,
        })
      }
    })
  }
}
