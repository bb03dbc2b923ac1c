import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Store } from '../../../storage/store.ts'
import type { Proof } from './proof.ts'

const line = z.object({
  ...{
    proofId: z.string(),
    at: z.int(),
    authorId: z.int().nullable(),
    counts: z.string(),
    signature: z.string(),
  },
  reason: z.enum(['request', 'retention', 'again']),
  marks: z.array(z.object({ hash: z.string(), kind: z.enum(['uid', 'mail']) })),
})

/**
 * Where every erasure is written down beside the database, a line each: a database that is put back from a copy does not
 * know of those that came after it.
 */
function journalPath({ dataDirectory }: Pick<Store, 'dataDirectory'>): string {
  return join(dataDirectory, 'erasures.jsonl')
}

/** Adds proofs to the end of the file, and has them on the disk. */
export async function appendJournal(
  store: Pick<Store, 'dataDirectory'>,
  proofs: readonly Proof[],
): Promise<void> {
  if (proofs.length === 0) return
  const file = await open(journalPath(store), 'a', 0o600)
  try {
    await file.appendFile(proofs.map((proof) => `${JSON.stringify(line.parse(proof))}\n`).join(''))
    await file.sync()
  } finally {
    await file.close()
  }
}

/** What the file says; lines that were cut off are left out. @param path  of another one than that of this server */
export async function readJournal(
  store: Pick<Store, 'dataDirectory'>,
  path: string = journalPath(store),
): Promise<Proof[]> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
  const known = new Map<string, Proof>()
  for (const one of text.split('\n')) {
    const proof = readLine(one)
    if (proof) known.set(proof.proofId, proof)
  }
  return [...known.values()]
}

function readLine(text: string): Proof | undefined {
  try {
    return line.parse(JSON.parse(text))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined
    throw error
  }
}
