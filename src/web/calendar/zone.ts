import { useSession } from '../session/session.ts'
import { isKnownZone, ownZone } from './times.ts'

/** The zone whose clocks are shown: that of the account; that of this browser where the account names none. */
export function useZone(): string {
  const { data } = useSession()
  const zone = data?.account.timeZone
  return zone && isKnownZone(zone) ? zone : ownZone
}
