import { findAccount } from '../../src/features/accounts/accounts.ts'
import { type ImportOptions, importFiles } from '../../src/features/transfer/import.ts'
import type { ImportOutcome } from '../../src/features/transfer/import-outcome.ts'
import type { PrincipalRow } from '../../storage/principals.ts'
import type { Account, TestServer } from '../dav/server.ts'

/** The row of an account. */
export function rowOf({ services }: TestServer, { name }: Account): Promise<PrincipalRow> {
  return services.store.read((reader) => findAccount(reader, name))
}

/** Imports, and gives all outcomes. */
export async function importAll(
  server: TestServer,
  account: Account,
  paths: readonly string[],
  options: ImportOptions = {},
): Promise<ImportOutcome[]> {
  return collect(importFiles(server.services, await rowOf(server, account), paths, options))
}

export async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const value of values) all.push(value)
  return all
}

/** The outcomes in short: `taken a.ics`, `refused 7 why`. */
export function inShort(outcomes: readonly ImportOutcome[]): string[] {
  return outcomes.map((outcome) =>
    'reason' in outcome
      ? `${outcome.kind} ${outcome.line} ${outcome.reason}`
      : `${outcome.kind} ${outcome.collection}/${outcome.name}`,
  )
}

/** The names that objects have been given; empty for what was refused. */
export function namesOf(outcomes: readonly ImportOutcome[]): string[] {
  return outcomes.map((outcome) => ('name' in outcome ? outcome.name : ''))
}
