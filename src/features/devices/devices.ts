import {
  type AppPasswordRow,
  listAppPasswords,
  setAppPasswordKind,
  setAppPasswordLabel,
  setAppPasswordMerge,
} from '../../../storage/credentials.ts'
import type { DeviceId } from '../../../storage/ids.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { AccountError } from '../accounts/account-error.ts'
import { type DeviceKind, deviceKinds, isDeviceKind } from './kinds.ts'

/** What may be said of a device: its kind, or that its first use shall settle that. */
export type ChosenKind = DeviceKind | 'auto'

/** @throws AccountError for a word that is no kind of device */
export function readKind(word: string): ChosenKind {
  if (word === 'auto' || isDeviceKind(word)) return word
  throw new AccountError(`There is no kind of device "${word}": choose ${deviceKinds.join(', ')} or auto.`)
}

/**
 * Says what kind of device has an app password; at once, in every process.
 * @throws AccountError when the account has none of that id in use
 */
export async function chooseKind(
  tx: Writer,
  account: PrincipalRow,
  id: DeviceId,
  kind: ChosenKind,
): Promise<void> {
  const device = await findDevice(tx, account, id)
  const seen = kind === 'auto' ? device.suggestedKind : null
  await setAppPasswordKind(tx, account.id, id, seen ?? kind)
}

/** What may be said of the protective merge of a device: on, off, or as is usual for its kind. */
const mergeWords = ['on', 'off', 'auto'] as const

/** @returns undefined for what is usual @throws AccountError for another word */
export function readMerge(word: string): boolean | undefined {
  if (word === 'auto') return undefined
  if (word === 'on' || word === 'off') return word === 'on'
  throw new AccountError(`The merge is ${mergeWords.join(', ')}, not "${word}".`)
}

/**
 * Says whether what a device cannot hold is kept when it writes; at once, in every process.
 * @throws AccountError when the account has none of that id in use
 */
export async function chooseMerge(
  tx: Writer,
  account: PrincipalRow,
  id: DeviceId,
  merge: boolean | undefined,
): Promise<void> {
  await findDevice(tx, account, id)
  await setAppPasswordMerge(tx, account.id, id, merge)
}

/** Gives a device another name. @throws AccountError when the account has none of that id in use */
export async function renameDevice(
  tx: Writer,
  account: PrincipalRow,
  id: DeviceId,
  label: string,
): Promise<void> {
  await findDevice(tx, account, id)
  await setAppPasswordLabel(tx, account.id, id, label)
}

/** @throws AccountError when the account has none of that id in use */
async function findDevice(reader: Reader, account: PrincipalRow, id: DeviceId): Promise<AppPasswordRow> {
  const devices = await listAppPasswords(reader, account.id)
  const device = devices.find((device) => device.id === id && device.revokedAt === null)
  if (!device) throw new AccountError(`The account ${account.name} has no app password ${id} in use.`)
  return device
}
