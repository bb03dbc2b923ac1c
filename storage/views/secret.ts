import { randomBytes } from 'node:crypto'
import type { Reader, Writer } from '../store.ts'

/** Gives a database its secret, once; a copy of the database has the same. */
export async function keepSecret(tx: Writer): Promise<void> {
  const text = "INSERT INTO meta (key, value) VALUES ('secret', $1) ON CONFLICT (key) DO NOTHING"
  await tx.sql.run(text, [randomBytes(32).toString('base64url')])
}

/** 256 bits that nobody outside the database knows: what names are made of that must not tell anything. */
export async function databaseSecret({ sql }: Reader): Promise<Buffer> {
  const row = await sql.first<{ value: string }>("SELECT value FROM meta WHERE key = 'secret'")
  if (row === undefined) throw new Error('The database has no secret.')
  return Buffer.from(row.value, 'base64url')
}
