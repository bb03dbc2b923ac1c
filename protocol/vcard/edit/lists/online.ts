import { parameterValues, unescapeText, unescapeUri } from '../../../text/content-lines.ts'
import {
  type CardLine,
  changed,
  decodeUri,
  hasWord,
  isUri,
  newLine,
  wellFormed,
  without,
  withParameter,
} from '../../convert/line.ts'
import { messengers as old } from '../../convert/services.ts'
import type { CardVersion } from '../../convert.ts'
import type { Messenger, Profile } from '../details.ts'
import { serviceWords, withTypes } from '../types.ts'
import { isBlank, type ListType, oneLine } from './list-type.ts'
import { textOf, withText, withUri } from './texts.ts'

/** @see RFC 4770, RFC 6350 §6.4.3, RFC 9554 §4.9 */
export const messengers: ListType<Messenger> = {
  names: ['IMPP', ...old.keys()],
  read: (line) => {
    const messenger = readMessenger(line)
    return isBlank(messenger.address) ? undefined : messenger
  },
  write: writeMessenger,
  blank: () => newLine('IMPP', ''),
}

/** @see RFC 9554 §3.5, §4.9, §4.10 */
export const profiles: ListType<Profile> = {
  names: ['SOCIALPROFILE', 'X-SOCIALPROFILE'],
  read: (line) => {
    const profile = readProfile(line)
    return isBlank(profile) ? undefined : profile
  },
  write: writeProfile,
  blank: (version) => newLine(version === '4.0' ? 'SOCIALPROFILE' : 'X-SOCIALPROFILE', ''),
}

function readMessenger(line: CardLine): Messenger {
  const known = old.get(line.name)
  if (known !== undefined) return { service: known[1], address: textOf(line) }
  const service = parameterValues(line, serviceParameter(line))[0] ?? ''
  return { service, address: unescapeUri(line.value).trim() }
}

function writeMessenger(line: CardLine, messenger: Messenger, version: CardVersion): CardLine {
  const before = readMessenger(line)
  const service = oneLine(messenger.service)
  const address = oneLine(messenger.address)
  const isSameService = service === before.service
  if (old.has(line.name) && isSameService) return withText(line, address)
  const named = changed(line, { name: 'IMPP' })
  const told = isSameService ? named : withService(named, service, version)
  return address === before.address && line.name === 'IMPP' ? told : withUri(told, uriOf(service, address))
}

/** The address of a user by the scheme of the service; Apple's own scheme holds any name. */
function uriOf(service: string, address: string): string {
  if (isUri(address)) return address
  const [scheme] = [...old.values()].find(([, name]) => name.toLowerCase() === service.toLowerCase()) ?? []
  return `${scheme ?? 'x-apple'}:${encodeURI(wellFormed(address))}`
}

function withService(line: CardLine, service: string, version: CardVersion): CardLine {
  const has = parameterValues(line, serviceParameter(line)).length > 0
  const name = has ? serviceParameter(line) : version === '4.0' ? 'SERVICE-TYPE' : 'X-SERVICE-TYPE'
  return changed(line, { parameters: withParameter(line.parameters, name, service === '' ? [] : [service]) })
}

function serviceParameter(line: CardLine): string {
  return parameterValues(line, 'SERVICE-TYPE').length > 0 ? 'SERVICE-TYPE' : 'X-SERVICE-TYPE'
}

function isApple({ name }: CardLine): boolean {
  return name === 'X-SOCIALPROFILE'
}

/** A name alone is a text in 4.0, and a URI of Apple's own in 3.0. */
function readProfile(line: CardLine): Profile {
  const service = isApple(line)
    ? (serviceWords(line)[0] ?? parameterValues(line, 'SERVICE-TYPE')[0] ?? '')
    : (parameterValues(line, 'SERVICE-TYPE')[0] ?? '')
  const told = parameterValues(line, 'USERNAME')[0] ?? parameterValues(line, 'X-USER')[0]
  const name = isTextual(line)
    ? unescapeText(line.value).trim()
    : decodeUri(/^x-apple:(.*)$/is.exec(line.value)?.[1])
  return { service, user: told ?? name ?? '', uri: name === undefined ? unescapeUri(line.value).trim() : '' }
}

function writeProfile(line: CardLine, profile: Profile): CardLine {
  const before = readProfile(line)
  const [service, user, uri] = [profile.service, profile.user, profile.uri].map(oneLine)
  if (service === undefined || user === undefined || uri === undefined) return line
  const served = service === before.service ? line : withProfileService(line, service)
  if (user === before.user && uri === before.uri) return served
  const name = isApple(line) ? 'X-USER' : 'USERNAME'
  const others = without(served.parameters, 'VALUE', 'X-USER', 'USERNAME')
  if (uri === '' && !isApple(line)) {
    const parameters = withParameter(others, 'VALUE', ['text'])
    return withText(changed(served, { parameters, value: '' }), user)
  }
  const parameters = user === '' ? others : withParameter(others, name, [user])
  return withUri(
    changed(served, { parameters }),
    uri === '' ? `x-apple:${encodeURIComponent(wellFormed(user))}` : uri,
  )
}

function withProfileService(line: CardLine, service: string): CardLine {
  const isTold = parameterValues(line, 'SERVICE-TYPE').length > 0
  if (!isApple(line) || isTold) {
    const values = service === '' ? [] : [service]
    return changed(line, { parameters: withParameter(line.parameters, 'SERVICE-TYPE', values) })
  }
  const services = serviceWords(line)
  const words = parameterValues(line, 'TYPE').flatMap((value) => value.split(','))
  const others = words.map((word) => word.trim()).filter((word) => word !== '' && !services.includes(word))
  return changed(line, { parameters: withTypes(line, service === '' ? others : [service, ...others]) })
}

function isTextual(line: CardLine): boolean {
  return hasWord(line, 'VALUE', 'text')
}
