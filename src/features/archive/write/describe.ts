import { type AceRow, type AceTarget, listAces } from '../../../../storage/aces.ts'
import {
  type DeadProperty,
  deadProperties,
  type PropertyTarget,
  targetKey,
} from '../../../../storage/dead-properties.ts'
import type { PrincipalId } from '../../../../storage/ids.ts'
import { findPrincipalsByIds, type PrincipalRow } from '../../../../storage/principals.ts'
import type { Reader } from '../../../../storage/store.ts'
import { type AceRecord, privilegeNames, type Who } from '../format.ts'

/** Somebody as an archive names him. */
export function whoOf({ kind, name }: PrincipalRow): Who {
  return { kind, name }
}

/** Those of these ids, as an archive names them. */
export async function whosOf(
  reader: Reader,
  ids: readonly PrincipalId[],
): Promise<ReadonlyMap<PrincipalId, Who>> {
  const rows = ids.length === 0 ? [] : await findPrincipalsByIds(reader, [...new Set(ids)])
  return new Map(rows.map((row) => [row.id, whoOf(row)]))
}

/** The access control lists of these targets, by `targetKey`; those without any are left out. */
export async function acesOf(
  reader: Reader,
  targets: readonly AceTarget[],
): Promise<ReadonlyMap<string, AceRecord[]>> {
  const rows = await listAces(reader, targets)
  const whos = await whosOf(
    reader,
    rows.flatMap(({ principalId }) => principalId ?? []),
  )
  const lists = new Map<string, AceRecord[]>()
  for (const row of rows) {
    const key = targetKey({ kind: row.targetKind, id: row.targetId })
    const list = lists.get(key)
    if (list) list.push(aceOf(row, whos))
    else lists.set(key, [aceOf(row, whos)])
  }
  return lists
}

function aceOf(
  { subject, principalId, isGrant, privileges }: AceRow,
  whos: ReadonlyMap<PrincipalId, Who>,
): AceRecord {
  const who = principalId === null ? undefined : whos.get(principalId)
  return { subject, ...(who ? { who } : {}), grant: isGrant === 1, privileges: privilegeNames(privileges) }
}

/** What hangs on one target: its dead properties and its access control list. */
export async function hangingOn(
  reader: Reader,
  target: AceTarget & PropertyTarget,
): Promise<{ readonly properties: readonly DeadProperty[]; readonly aces: readonly AceRecord[] }> {
  const key = targetKey(target)
  return {
    properties: (await deadProperties(reader, [target])).get(key) ?? [],
    aces: (await acesOf(reader, [target])).get(key) ?? [],
  }
}
