import type { Settings } from '../../../config/defaults.ts'
import type { WebhookRow } from '../../../storage/events/webhooks.ts'
import { findLivingPrincipal } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import { directoryOf, type Session } from '../../auth/session.ts'
import { type Reading, readingOf } from '../changes/sight.ts'
import { traitsOf } from '../devices/kinds.ts'

/** What the owner of a webhook reads now; undefined where he is gone. */
export async function readingOfOwner(
  reader: Reader,
  { principalId }: Pick<WebhookRow, 'principalId'>,
  settings: Settings,
): Promise<Reading | undefined> {
  const principal = await findLivingPrincipal(reader, principalId)
  if (!principal) return undefined
  const session: Session = {
    ...{ principal, deviceId: undefined, clientKind: undefined, lists: traitsOf(undefined).lists },
    ...{ scope: 'read', directory: directoryOf(settings), hasDirectoryBook: settings.directory.addressBook },
  }
  return readingOf(reader, session)
}
