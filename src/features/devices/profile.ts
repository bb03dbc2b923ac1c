import { createHash } from 'node:crypto'
import { escapeText } from '../../../protocol/dav/xml-write.ts'
import type { AppPasswordRow } from '../../../storage/credentials.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'

export const profileType = 'application/x-apple-aspen-config'

/** What a profile sets up. */
export interface ProfileWish {
  readonly account: Pick<PrincipalRow, 'name' | 'segment'>
  readonly device: Pick<AppPasswordRow, 'id' | 'label'>
  /** How the device reaches the server, such as https://dav.example.org */
  readonly address: string
  /** Without one the device asks for it when the profile is installed. */
  readonly password?: string | undefined
}

/**
 * A configuration profile for iPhone, iPad and Mac: an account for contacts, and one for calendars and tasks. It is not
 * signed, which those devices say when it is installed. Made again it takes the place of the one before.
 * @see Apple Device Management, com.apple.carddav.account and com.apple.caldav.account
 */
export function appleProfile({ account, device, address, password }: ProfileWish): string {
  const url = new URL(address)
  const base = { url, account, password }
  const id = `farley.${url.hostname}.${device.id}`
  const title = `Farley (${url.host})`
  const content = {
    PayloadContent: [
      { ...serverOf('CardDAV', base), ...identity(`${id}.contacts`, 'com.apple.carddav.account', title) },
      { ...serverOf('CalDAV', base), ...identity(`${id}.calendars`, 'com.apple.caldav.account', title) },
    ],
    PayloadDescription: `Contacts, calendars and tasks of ${account.name}. This profile is not signed.`,
    PayloadOrganization: title,
    PayloadRemovalDisallowed: false,
    ...identity(id, 'Configuration', `${title}: ${device.label}`),
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    `<plist version="1.0">${written(content)}</plist>`,
    '',
  ].join('\n')
}

/** The way to it for DAVx5, which knows no port in such an address. @see DAVx5 manual, integration */
export function davx5Url({
  account,
  address,
  password,
}: Pick<ProfileWish, 'account' | 'address'> & { readonly password: string }): string | undefined {
  const url = new URL(address)
  if (url.protocol !== 'https:' || url.port !== '') return undefined
  const who = [account.name, password].map(encodeURIComponent).join(':')
  return `davx5://${who}@${url.hostname}${pathIn(url)}/dav/`
}

/** The keys of both kinds of accounts differ by what they begin with. */
function serverOf(
  kind: 'CardDAV' | 'CalDAV',
  { url, account, password }: Pick<ProfileWish, 'account' | 'password'> & { readonly url: URL },
): Dictionary {
  const isSecure = url.protocol === 'https:'
  return {
    [`${kind}AccountDescription`]: `Farley (${url.host})`,
    [`${kind}HostName`]: url.hostname,
    [`${kind}Port`]: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
    [`${kind}UseSSL`]: isSecure,
    [`${kind}PrincipalURL`]: `${pathIn(url)}/dav/principals/${account.segment}/`,
    [`${kind}Username`]: account.name,
    ...(password === undefined ? {} : { [`${kind}Password`]: password }),
  }
}

function pathIn({ pathname }: URL): string {
  return pathname.replace(/\/$/, '')
}

function identity(id: string, type: string, name: string): Dictionary {
  return {
    PayloadDisplayName: name,
    PayloadIdentifier: id,
    PayloadType: type,
    PayloadUUID: uuidOf(id),
    PayloadVersion: 1,
  }
}

/** The same for the same. @see RFC 9562 §5.8 */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`]
  return [...parts, hex.slice(20, 32)].join('-').toUpperCase()
}

interface Dictionary {
  readonly [key: string]: Value
}
type Value = string | number | boolean | readonly Dictionary[] | Dictionary

/** A property list. @see plist(5) */
function written(value: Value): string {
  if (typeof value === 'string') return `<string>${escapeText(value)}</string>`
  if (typeof value === 'number') return `<integer>${value}</integer>`
  if (typeof value === 'boolean') return value ? '<true/>' : '<false/>'
  if (isList(value)) return `<array>${value.map(written).join('')}</array>`
  const members = Object.entries(value).map(([key, member]) => `<key>${key}</key>${written(member)}`)
  return `<dict>${members.join('\n')}</dict>`
}

function isList(value: readonly Dictionary[] | Dictionary): value is readonly Dictionary[] {
  return Array.isArray(value)
}
