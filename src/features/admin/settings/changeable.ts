import { birthdaysJob } from '../../birthdays/birthdays.ts'
import { birthdayLanguages } from '../../birthdays/words.ts'

/** A setting that whoever runs the place changes while the server runs. */
export interface Changeable {
  readonly kind: 'number' | 'text' | 'switch' | 'choice'
  /** Of numbers: less, or more, makes the place useless, and can be said in the settings file alone. */
  readonly least?: number
  readonly most?: number
  readonly choices?: readonly string[]
  /** The job that brings up to date what was made by the value of before. */
  readonly job?: string
}

const million = 1_000_000
const dayMs = 86_400_000

const count = (least: number, most: number): Changeable => ({ kind: 'number', least, most })
const bytes = (most = Number.MAX_SAFE_INTEGER): Changeable => count(million, most)
const days = count(1, 36_500)
const choice = (...choices: readonly string[]): Changeable => ({ kind: 'choice', choices })

/** Removes the books of colleagues that are not offered any more. */
const directoryJob = 'directory'

/**
 * What can be changed by a page, in the order it is shown: it is read where it is used, so that it counts at once, and nothing
 * that keeps strangers out depends on it.
 */
export const changeable: ReadonlyMap<string, Changeable> = new Map<string, Changeable>([
  ['accounts.language', { kind: 'text' }],
  ['accounts.timeZone', { kind: 'text' }],
  ['people.country', { kind: 'text' }],
  ['limits.quotaBytes', bytes()],
  ['limits.fileBytes', bytes()],
  ['limits.importBytes', bytes(1024 * million)],
  ['limits.collectionsPerHome', count(1, 10_000)],
  ['limits.sharees', count(1, 10_000)],
  ['limits.publicLinks', count(0, 10_000)],
  ['limits.apiRequestsPerMinute', count(300, million)],
  ['retention.trashDays', days],
  ['retention.revisionDays', days],
  ['retention.heldEditDays', days],
  ['retention.signInDays', days],
  ['bursts.objects', count(0, million)],
  ['bursts.percent', count(0, 100)],
  ['directory.visibility', choice('all', 'groups', 'none')],
  ['directory.addressBook', { kind: 'switch', job: directoryJob }],
  ['directory.bookName', { kind: 'text' }],
  ['birthdays.language', { ...choice(...birthdayLanguages), job: birthdaysJob }],
  ['birthdays.leapDay', { ...choice('february', 'march'), job: birthdaysJob }],
  ['subscriptions.refreshMs', count(900_000, 30 * dayMs)],
])

/** Who may come in, and whom the server reaches: a page that was taken over must not open that. */
const safety =
  /^(?:auth|proxy|database|blobs|migration|webhooks|api|metrics)\.|\.privateNetworks$|^limits\.public/

/** Why a setting is not for a page: it keeps the place safe, or it is for the settings file alone. */
export function whyFixed(key: string): 'safety' | 'file' {
  return safety.test(key) ? 'safety' : 'file'
}
