import type { Settings } from '../../../config/defaults.ts'
import { refuse, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { listProxies, type ProxyMode, removeProxy, setProxy } from '../../../storage/groups.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import { lockReach } from '../../../storage/shares.ts'
import type { Writer } from '../../../storage/store.ts'

/**
 * Makes a principal somebody's delegate, or changes what he may do: read, or write, in all the calendars.
 * @throws allowed-principal for the owner himself; refusal 403 beyond the limit
 */
export async function addDelegate(
  tx: Writer,
  owner: PrincipalRow,
  delegate: PrincipalRow,
  mode: ProxyMode,
  settings: Settings,
): Promise<void> {
  await lockReach(tx)
  await add(tx, owner, delegate, mode, settings)
}

/** @returns false when he was none */
export function removeDelegate(tx: Writer, owner: PrincipalRow, delegate: PrincipalRow): Promise<boolean> {
  return removeProxy(tx, owner.id, delegate.id)
}

/**
 * Sets all the delegates of one mode at once; who had the other mode, and is named, changes it.
 * @throws allowed-principal for the owner himself; refusal 403 beyond the limit
 */
export async function setDelegates(
  tx: Writer,
  owner: PrincipalRow,
  mode: ProxyMode,
  delegates: readonly PrincipalRow[],
  settings: Settings,
): Promise<void> {
  checkNumber(delegates.length, settings)
  await lockReach(tx)
  const wanted = new Set(delegates.map(({ id }) => id))
  for (const known of await listProxies(tx, owner.id)) {
    if (known.mode === mode && !wanted.has(known.id)) await removeProxy(tx, owner.id, known.id)
  }
  for (const delegate of delegates) await add(tx, owner, delegate, mode, settings)
}

async function add(
  tx: Writer,
  owner: PrincipalRow,
  delegate: PrincipalRow,
  mode: ProxyMode,
  settings: Settings,
): Promise<void> {
  const isPossible = delegate.id !== owner.id && (delegate.kind === 'user' || delegate.kind === 'group')
  if (!isPossible)
    throw refuse('allowed-principal', { message: 'Delegates are other accounts, and groups of them.' })
  await setProxy(tx, owner.id, delegate.id, mode)
  checkNumber((await listProxies(tx, owner.id)).length, settings)
}

function checkNumber(count: number, { limits }: Settings): void {
  if (count > limits.delegates)
    throw refuseStatus(403, `An account has ${limits.delegates} delegates at most.`)
}
