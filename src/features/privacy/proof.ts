import { createHmac, timingSafeEqual } from 'node:crypto'
import { type ErasureRow, type MarkRow, marksOf } from '../../../storage/privacy/erasures.ts'
import type { Reader } from '../../../storage/store.ts'
import { uidKey } from '../../../storage/uid-key.ts'
import { databaseSecret } from '../../../storage/views/secret.ts'

/** That somebody was erased, with what tells him again to whoever has the key: nothing of it says who it was. */
export interface Proof extends Omit<ErasureRow, 'id'> {
  readonly marks: readonly MarkRow[]
}

/** The keys of a database; a copy of it has the same. */
export interface ProofKeys {
  readonly marks: Buffer
  readonly signature: Buffer
}

export async function proofKeys(reader: Reader): Promise<ProofKeys> {
  const secret = await databaseSecret(reader)
  const key = (use: string): Buffer => createHmac('sha256', secret).update(`erasures ${use}`).digest()
  return { marks: key('marks'), signature: key('signature') }
}

/** What stands for a UID or an address. */
export function markOf({ marks }: ProofKeys, kind: MarkRow['kind'], value: string): MarkRow {
  const text = kind === 'uid' ? uidKey(value) : value.trim().toLowerCase()
  return { hash: createHmac('sha256', marks).update(`${kind} ${text}`).digest('base64url'), kind }
}

export function signatureOf({ signature }: ProofKeys, proof: Omit<Proof, 'signature'>): string {
  const { proofId, at, authorId, reason, counts, marks } = proof
  const signed = [proofId, at, authorId, reason, counts, marks.map(({ kind, hash }) => [kind, hash])]
  return createHmac('sha256', signature).update(JSON.stringify(signed)).digest('base64url')
}

/** Whether a proof says what it said when it was made here. */
export function isGenuine(keys: ProofKeys, proof: Proof): boolean {
  const [given, right] = [proof.signature, signatureOf(keys, inOrder(proof))].map((text) => Buffer.from(text))
  return (
    given?.length === right?.length &&
    given !== undefined &&
    right !== undefined &&
    timingSafeEqual(given, right)
  )
}

export async function proofOf(reader: Reader, { id, ...row }: ErasureRow): Promise<Proof> {
  return inOrder({ ...row, marks: await marksOf(reader, id) })
}

/** As it is signed. */
export function inOrder<One extends Omit<Proof, 'signature'>>(proof: One): One {
  const marks = [...proof.marks].sort((one, other) => (one.hash < other.hash ? -1 : 1))
  return { ...proof, marks }
}
