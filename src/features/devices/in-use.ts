import type { Settings } from '../../../config/defaults.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { type AppPasswordRow, listAppPasswords } from '../../../storage/credentials.ts'
import type { Reader } from '../../../storage/store.ts'
import { idIn, type RawCall } from '../../api/route.ts'

/** A request that names a device in its path. */
export type AskedDevice = Pick<RawCall, 'session' | 'params'>

export function isInUse({ revokedAt }: Pick<AppPasswordRow, 'revokedAt'>): boolean {
  return revokedAt === null
}

/** A device of whoever asks. @throws refusal 404 */
export async function mustFind(
  reader: Reader,
  call: AskedDevice,
  id: number = idIn(call),
): Promise<AppPasswordRow> {
  const rows = await listAppPasswords(reader, call.session.principal.id)
  const found = rows.find((row) => row.id === id)
  if (!found || !isInUse(found)) throw refuseStatus(404, 'There is no such device.')
  return found
}

/** How this machine alone reaches the server, before anything else is known; empty where the system picks the port. */
export function ownAddress({ host, port }: Pick<Settings, 'host' | 'port'>): string {
  if (port === 0) return ''
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}

/** How devices reach the server, without a final slash; undefined where the settings do not say it. */
export function addressIn({ publicUrl }: Pick<Settings, 'publicUrl'>): string | undefined {
  return publicUrl === '' ? undefined : publicUrl.replace(/\/$/, '')
}

/** @throws refusal 409 where the settings do not say how devices reach the server */
export function mustHaveAddress(settings: Pick<Settings, 'publicUrl'>): string {
  const address = addressIn(settings)
  if (address === undefined)
    throw refuseStatus(409, 'How devices reach this server is not known: set publicUrl (FARLEY_PUBLIC_URL).')
  return address
}
