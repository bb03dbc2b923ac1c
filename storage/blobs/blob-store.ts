import type { Readable } from 'node:stream'

/** The octets of a range: both ends are part of it. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

/** Octets that have come in whole, with their hash, and are not in place yet. */
export interface StagedBlob {
  /** SHA-256, 64 hexadecimal digits in lower case. */
  readonly hash: string
  readonly size: number
  /**
   * Puts them in place, synced to disk; what is there already is kept. Between staging and this the hash is claimed
   * (`claimBlob`), so that no sweep takes them away.
   */
  place(): Promise<void>
  /** Takes away what is left of the staging; to be called whatever happens. */
  discard(): Promise<void>
}

/**
 * Where the octets of documents are kept, under their hash and only once. Who refers to them is for the database to say.
 */
export interface BlobStore {
  /**
   * Takes octets in, a piece at a time. What `octets` throws is thrown here, and nothing remains.
   * @throws StorageFullError
   */
  stage(octets: AsyncIterable<Uint8Array>): Promise<StagedBlob>
  /** @throws BlobMissingError before the first octet */
  read(hash: string, range?: ByteRange): Promise<Readable>
  /** Takes octets away; those that are not there are passed over. */
  remove(hash: string): Promise<void>
  /** The hashes that begin with these two digits, to find what nobody knows of. */
  list(prefix: string): AsyncIterable<string>
  /** Takes away stagings that a killed process has left behind. @param before  those that are older, epoch milliseconds */
  sweepStagings(before: number): Promise<void>
  /** Frees connections. */
  close(): Promise<void>
}

/** The octets of a blob are not where the database says they are. */
export class BlobMissingError extends Error {
  override name = 'BlobMissingError'

  constructor(hash: string) {
    super(`The octets ${hash} are missing from the blob store.`)
  }
}
