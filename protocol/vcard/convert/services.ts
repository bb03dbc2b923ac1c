import { escapeTextValue, parameterValues, unescapeText } from '../../text/content-lines.ts'
import type { Conversion } from './conversion.ts'
import {
  type CardLine,
  changed,
  decodeUri,
  each,
  hasWord,
  isUri,
  type Lines,
  wellFormed,
  without,
  withParameter,
  wordsOf,
} from './line.ts'

/** Properties of old for one service each, the URI scheme of its addresses, and how the service is called. */
export const messengers: ReadonlyMap<string, readonly [scheme: string, service: string]> = new Map([
  ['X-AIM', ['aim', 'AIM']],
  ['X-ICQ', ['icq', 'ICQ']],
  ['X-JABBER', ['xmpp', 'Jabber']],
  ['X-GTALK', ['xmpp', 'GoogleTalk']],
  ['X-GOOGLE-TALK', ['xmpp', 'GoogleTalk']],
  ['X-MSN', ['msnim', 'MSN']],
  ['X-YAHOO', ['ymsgr', 'Yahoo']],
  ['X-SKYPE', ['skype', 'Skype']],
  ['X-SKYPE-USERNAME', ['skype', 'Skype']],
  ['X-QQ', ['x-apple', 'QQ']],
  ['X-GADUGADU', ['gg', 'GaduGadu']],
  ['X-SIP', ['sip', 'SIP']],
])

export const messaging: Conversion = {
  about: '`IMPP`',
  three: '`IMPP;X-SERVICE-TYPE=AIM:aim:jane` (RFC 4770), or `X-AIM:jane`',
  four: '`IMPP;SERVICE-TYPE=AIM:aim:jane`',
  note: `Read from ${[...messengers.keys()].map((name) => `\`${name}\``).join(', ')}; where the card has the same address as \`IMPP\`, that is kept.`,
  rfc: 'RFC 4770, RFC 6350 §6.4.3, RFC 9554 §4.9',
  to4: messengersTo4,
  examples: [
    {
      three: ['IMPP;X-SERVICE-TYPE=Jabber;TYPE=HOME;TYPE=pref:xmpp:a@b'],
      four: ['IMPP;SERVICE-TYPE=Jabber;TYPE=HOME;PREF=1:xmpp:a@b'],
    },
    { three: ['X-AIM;TYPE=HOME:jane'], four: ['IMPP;TYPE=HOME;SERVICE-TYPE=AIM:aim:jane'], only: 'to 4.0' },
    { three: ['X-SKYPE:jane doe'], four: ['IMPP;SERVICE-TYPE=Skype:skype:jane%20doe'], only: 'to 4.0' },
    { three: ['X-AIM:jane', 'IMPP:aim:jane'], four: ['IMPP:aim:jane'], only: 'to 4.0' },
  ],
}

export const socialProfiles: Conversion = {
  about: '`SOCIALPROFILE`',
  three: '`X-SOCIALPROFILE;TYPE=Mastodon;X-USER=jane:https://example.com/@jane`',
  four: '`SOCIALPROFILE;SERVICE-TYPE=Mastodon;USERNAME=jane:https://example.com/@jane`',
  note: 'A name without an address is Apple’s `x-apple:` URI in 3.0 and `VALUE=text` in 4.0.',
  rfc: 'RFC 9554 §3.5, §4.9, §4.10',
  to4: each(['X-SOCIALPROFILE'], profileTo4),
  to3: each(['SOCIALPROFILE'], profileTo3),
  examples: [
    {
      three: ['X-SOCIALPROFILE;TYPE=Mastodon;X-USER=jane:https://example.com/@jane'],
      four: ['SOCIALPROFILE;SERVICE-TYPE=Mastodon;USERNAME=jane:https://example.com/@jane'],
    },
    {
      three: ['X-SOCIALPROFILE;TYPE=SomeSite;X-USER=peter94:x-apple:peter94'],
      four: ['SOCIALPROFILE;SERVICE-TYPE=SomeSite;VALUE=text:peter94'],
    },
    {
      three: ['X-SOCIALPROFILE;type=twitter;type=pref;x-userid=1:http://twitter.com/jane'],
      four: ['SOCIALPROFILE;SERVICE-TYPE=twitter;PREF=1;X-USERID=1:http://twitter.com/jane'],
      only: 'to 4.0',
    },
    { three: ['X-SOCIALPROFILE:https://example.com/ietf'], four: ['SOCIALPROFILE:https://example.com/ietf'] },
  ],
}

function messengersTo4(lines: Lines): Lines {
  const told = new Map<string, CardLine>()
  for (const line of lines) {
    const address = addressKey(line.value)
    if (line.name === 'IMPP' && !told.has(address)) told.set(address, line)
  }
  return lines.flatMap((line) => {
    const [scheme, service] = messengers.get(line.name) ?? []
    const address = unescapeText(line.value).trim()
    if (scheme === undefined || service === undefined || address === '') return line
    const value = isUri(address) ? address : `${scheme}:${encodeURI(wellFormed(address))}`
    if (isToldBy(told.get(addressKey(value)), line)) return []
    const parameters = withParameter(line.parameters, 'SERVICE-TYPE', [service])
    return changed(line, { name: 'IMPP', value, parameters })
  })
}

function addressKey(value: string): string {
  return value.replaceAll('\\', '').toLowerCase()
}

/** Whether the IMPP of the same address says whatever else the line of old says. */
function isToldBy(other: CardLine | undefined, line: CardLine): boolean {
  if (other === undefined || line.group !== undefined) return false
  const types = wordsOf(other, 'TYPE')
  return (
    wordsOf(line, 'TYPE').every((type) => types.includes(type)) &&
    line.parameters.every(({ name }) => name === 'TYPE' || name === 'PREF')
  )
}

/** Where a profile is used, not what it is of. */
const places = ['home', 'work']

function profileTo4(line: CardLine): CardLine {
  const types = parameterValues(line, 'TYPE')
  const service = types.filter((type) => !places.includes(type.toLowerCase()))
  const [user] = parameterValues(line, 'X-USER')
  let parameters = line.parameters
  if (service.length > 0 && parameterValues(line, 'SERVICE-TYPE').length === 0) {
    parameters = parameters.flatMap((one) => (one.name === 'TYPE' ? servicesOf(one.values, service) : one))
  }
  const name = decodeUri(/^x-apple:(.*)$/is.exec(line.value)?.[1])
  if (name !== undefined && name === user) {
    parameters = withParameter(without(parameters, 'X-USER'), 'VALUE', ['text'])
    return changed(line, { name: 'SOCIALPROFILE', value: escapeTextValue(name), parameters })
  }
  parameters = parameters.map((one) => (one.name === 'X-USER' ? { ...one, name: 'USERNAME' } : one))
  return changed(line, { name: 'SOCIALPROFILE', parameters })
}

function servicesOf(
  types: readonly string[],
  services: readonly string[],
): { name: string; values: string[] }[] {
  const here = types.filter((type) => services.includes(type))
  const rest = types.filter((type) => !services.includes(type))
  return [
    ...(here.length > 0 ? [{ name: 'SERVICE-TYPE', values: here }] : []),
    ...(rest.length > 0 ? [{ name: 'TYPE', values: rest }] : []),
  ]
}

function profileTo3(line: CardLine): CardLine {
  let parameters = line.parameters.map((one) =>
    one.name === 'SERVICE-TYPE'
      ? { ...one, name: 'TYPE' }
      : one.name === 'USERNAME'
        ? { ...one, name: 'X-USER' }
        : one,
  )
  if (!hasWord(line, 'VALUE', 'text')) return changed(line, { name: 'X-SOCIALPROFILE', parameters })
  const name = unescapeText(line.value)
  parameters = [...without(parameters, 'VALUE'), { name: 'X-USER', values: [name] }].filter(
    (one, at, all) => all.findIndex((other) => other.name === one.name) === at || one.name === 'TYPE',
  )
  return changed(line, {
    name: 'X-SOCIALPROFILE',
    value: `x-apple:${encodeURIComponent(wellFormed(name))}`,
    parameters,
  })
}
