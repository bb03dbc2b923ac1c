import { dav } from '../../protocol/dav/names.ts'
import { child, children, elements, readXml, textOf, type XmlElement } from '../../protocol/dav/xml-read.ts'
import { viewOf } from '../../src/features/sharing/sharing.ts'
import { findCollection } from '../../storage/collections.ts'
import { listHomes } from '../../storage/homes.ts'
import { acceptMount, createMount } from '../../storage/mount-writes.ts'
import { listMountsOf } from '../../storage/mounts.ts'
import { findPrincipalByName } from '../../storage/principals.ts'
import { type ShareAccess, setShare } from '../../storage/shares.ts'
import type { Answer, Client, Headers } from './client.ts'
import type { Account, TestServer } from './server.ts'

export interface LockOptions {
  readonly scope?: 'exclusive' | 'shared'
  /** XML inside of DAV:owner. */
  readonly owner?: string
  readonly headers?: Headers
}

export function lockBody({ scope = 'exclusive', owner }: LockOptions = {}): string {
  const who = owner === undefined ? '' : `<D:owner>${owner}</D:owner>`
  return `<?xml version="1.0"?><D:lockinfo xmlns:D="DAV:"><D:lockscope><D:${scope}/></D:lockscope><D:locktype><D:write/></D:locktype>${who}</D:lockinfo>`
}

/** A LOCK with a body, of Depth 0 unless told otherwise. */
export function lock(client: Client, path: string, options: LockOptions = {}): Promise<Answer> {
  const headers = { Depth: '0', 'Content-Type': 'application/xml', ...options.headers }
  return client.request('LOCK', path, { headers, body: lockBody(options) })
}

/** Takes a lock. @returns its token */
export async function locked(client: Client, path: string, options: LockOptions = {}): Promise<string> {
  const answer = await lock(client, path, options)
  if (answer.status !== 200) throw new Error(`LOCK ${path} answered ${answer.status}: ${answer.text}`)
  return tokenOf(answer)
}

/** The token of the Lock-Token header. */
export function tokenOf({ headers }: Answer): string {
  return /^<(urn:uuid:[0-9a-f-]{36})>$/.exec(String(headers['lock-token']))?.[1] ?? ''
}

export function unlock(client: Client, path: string, token: string): Promise<Answer> {
  return client.request('UNLOCK', path, { headers: { 'Lock-Token': `<${token}>` } })
}

/** A lock as DAV:lockdiscovery shows it. */
export interface SeenLock {
  readonly token: string
  readonly scope: string
  readonly depth: string
  readonly timeout: string
  readonly root: string
  readonly owner: string | undefined
}

/** The locks in the body of an answer to LOCK. */
export function locksIn({ body }: Answer): SeenLock[] {
  const root = readXml(body, { maxBytes: 1e6, maxDepth: 20, maxNodes: 1e4 })
  const found = root && child(root, dav('lockdiscovery'))
  return found ? readLocks(found) : []
}

/** What DAV:lockdiscovery says of a resource. */
export async function locksOn(client: Client, path: string): Promise<SeenLock[]> {
  const answer = await client.propfind(path, 0, [dav('lockdiscovery')])
  const found = answer.of(path).props.get(dav('lockdiscovery'))
  if (!found) throw new Error(`no lockdiscovery on ${path}`)
  return readLocks(found)
}

export function readLocks(discovery: XmlElement): SeenLock[] {
  return children(discovery, dav('activelock')).map((lock) => {
    const text = (name: string) => {
      const found = child(lock, dav(name))
      return found ? textOf(found) : ''
    }
    const scope = child(lock, dav('lockscope'))
    return {
      token: text('locktoken'),
      scope: (scope && elements(scope)[0]?.name.replace('{DAV:}', '')) ?? '',
      depth: text('depth'),
      timeout: text('timeout'),
      root: text('lockroot'),
      owner: child(lock, dav('owner')) && text('owner'),
    }
  })
}

/** Mounts an account's first calendar in another's home. @returns its path there */
export async function share(
  server: TestServer,
  from: Account,
  to: Account,
  name: string,
  access: ShareAccess = 'read-write',
): Promise<string> {
  await server.services.store.write(async (tx) => {
    const idOf = async (account: Account) => (await findPrincipalByName(tx, account.name))?.id ?? 0
    const homeOf = async (account: Account) =>
      (await listHomes(tx, await idOf(account))).find(({ kind }) => kind === 'calendars')?.id ?? 0
    const calendar = await findCollection(tx, await homeOf(from), 'calendar')
    const shared = { collectionId: calendar?.id ?? 0, principalId: await idOf(to) }
    await setShare(tx, { ...shared, access, summary: null })
    const place = { homeId: await homeOf(to), name, inviteUid: `${to.name} ${name}` }
    await createMount(tx, {
      ...shared,
      ...place,
      view: viewOf('calendar', access),
      access,
      displayname: null,
    })
    for (const { mount } of await listMountsOf(tx, shared.principalId))
      await acceptMount(tx, mount, { kind: 'web' })
  })
  return `${to.calendars}${name}/`
}
