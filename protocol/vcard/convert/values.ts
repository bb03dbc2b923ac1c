import { escapeTextValue, unescapeText, unescapeUri } from '../../text/content-lines.ts'
import type { Conversion } from './conversion.ts'
import { type CardLine, changed, each, hasWord, isUri, without, withParameter } from './line.ts'

export const telephone: Conversion = {
  about: '`TEL`',
  three: '`TEL:+1-555-555-5555`, with `X-VALUE=uri` where it was a URI',
  four: '`TEL;VALUE=uri:tel:+1-555-555-5555`, or a text',
  note: 'A number that is no `tel:` URI any more stays a text. Other schemes (`sip:`) are kept.',
  rfc: 'RFC 2426 §3.3.1, RFC 3966, RFC 6350 §6.4.1',
  to4: each(['TEL'], telephoneTo4),
  to3: each(['TEL'], telephoneTo3),
  examples: [
    { three: ['TEL;X-VALUE=uri;TYPE=home:+33-01-23'], four: ['TEL;VALUE=uri;TYPE=home:tel:+33-01-23'] },
    { three: ['TEL;X-VALUE=uri:+1-555\\;ext=5555'], four: ['TEL;VALUE=uri:tel:+1-555;ext=5555'] },
    { three: ['TEL;X-VALUE=uri:ask (1) for it'], four: ['TEL:ask (1) for it'], only: 'to 4.0' },
    { three: ['TEL;VALUE=URI:67545678'], four: ['TEL;VALUE=uri:tel:67545678'], only: 'to 4.0' },
    { three: ['TEL;X-VALUE=uri:1'], four: ['TEL:tel:1'], only: 'to 3.0' },
    { three: ['TEL;X-VALUE=uri:sip:a@b'], four: ['TEL;VALUE=uri:sip:a@b'] },
    { three: ['TEL;TYPE=home,voice:(1) 2'], four: ['TEL;TYPE=home,voice:(1) 2'] },
  ],
}

const texts =
  'FN TITLE ROLE NOTE PRODID EMAIL TEL TZ EXPERTISE HOBBY INTEREST BIRTHPLACE DEATHPLACE GRAMGENDER PRONOUNS'
const uris = 'URL SOURCE FBURL CALURI CALADRURI IMPP SOCIALPROFILE MEMBER CONTACT-URI ORG-DIRECTORY'

/** What careless 3.0 leaves unescaped, or escapes in vain, is right in 4.0. @see RFC 6350 §3.4, §4.1, §4.2 */
export const escapes: Conversion = {
  about: 'escapes',
  three: '`FN:Doe, Jane`, `URL:http\\://example.com`, as careless programs have it',
  four: '`FN:Doe\\, Jane`, `URL:http://example.com`',
  note: `Commas in ${texts
    .split(' ')
    .map((name) => `\`${name}\``)
    .join(', ')}; colons, commas and semicolons in ${uris
    .split(' ')
    .map((name) => `\`${name}\``)
    .join(', ')}.`,
  rfc: 'RFC 6350 §3.4, §4.1, §4.2',
  to4: (lines) =>
    each(uris.split(' '), (line) => changed(line, { value: unescapeUri(line.value) }))(
      each(texts.split(' '), textTo4)(lines),
    ),
  examples: [
    {
      three: ['FN:Doe, Jane', 'NOTE:a\\, b, c'],
      four: ['FN:Doe\\, Jane', 'NOTE:a\\, b\\, c'],
      only: 'to 4.0',
    },
    { three: ['URL:http\\://a\\,b'], four: ['URL:http://a,b'], only: 'to 4.0' },
    {
      three: ['CATEGORIES:A,B\\, C', 'NICKNAME:Jim,Jimmie'],
      four: ['CATEGORIES:A,B\\, C', 'NICKNAME:Jim,Jimmie'],
    },
  ],
}

/** Properties of 3.0 that 4.0 has done away with. @see RFC 6350 appendix A.2 */
const threeOnly = ['CLASS', 'MAILER', 'NAME', 'PROFILE']

export const removed: Conversion = {
  about: threeOnly.map((name) => `\`${name}\``).join(', '),
  three: 'as they are',
  four: 'with `X-` before the name',
  rfc: 'RFC 6350 appendix A.2',
  to4: each(threeOnly, (line) => changed(line, { name: `X-${line.name}` })),
  to3: each(
    threeOnly.map((name) => `X-${name}`),
    (line) => changed(line, { name: line.name.slice(2) }),
  ),
  examples: [{ three: ['CLASS:PRIVATE', 'MAILER:P 2.1'], four: ['X-CLASS:PRIVATE', 'X-MAILER:P 2.1'] }],
}

/** Nothing is done with these: what both versions have, or what 3.0 takes as registered with IANA. */
export const unchanged: Conversion = {
  about: 'everything else',
  three: 'as it is',
  four: 'as it is, byte for byte',
  note: 'Unknown properties and parameters, `X-ABLabel` and the like with their groups, several `NOTE`s; in 3.0 also what has been registered since, under its own name: `LANG`, `FBURL`, `CALURI`, `CALADRURI`, `XML`, `CLIENTPIDMAP` (RFC 6350), `BIRTHPLACE`, `DEATHPLACE`, `DEATHDATE` (RFC 6474), `EXPERTISE`, `HOBBY`, `INTEREST`, `ORG-DIRECTORY` (RFC 6715), `CONTACT-URI` (RFC 8605), `CREATED`, `GRAMGENDER`, `LANGUAGE`, `PRONOUNS` (RFC 9554), `JSPROP` (RFC 9555).',
  rfc: 'RFC 2426 §4 (iana-token), RFC 6350 §6.10',
  examples: [
    {
      three: [
        'NOTE:1',
        'item1.URL:http://a',
        'item1.X-ABLabel:_$!<HomePage>!$_',
        'NOTE:2',
        'LANG:fr',
        'X-ABUID:1',
      ],
      four: [
        'NOTE:1',
        'item1.URL:http://a',
        'item1.X-ABLabel:_$!<HomePage>!$_',
        'NOTE:2',
        'LANG:fr',
        'X-ABUID:1',
      ],
    },
    {
      three: [
        'BIRTHPLACE;VALUE=uri:geo:46,-72',
        'DEATHDATE:1996',
        'PRONOUNS:they/them',
        'CREATED:20220705T093412Z',
      ],
      four: [
        'BIRTHPLACE;VALUE=uri:geo:46,-72',
        'DEATHDATE:1996',
        'PRONOUNS:they/them',
        'CREATED:20220705T093412Z',
      ],
    },
  ],
}

/** @see RFC 3966 §3 */
const subscriber = /^[+0-9A-Za-z()*#.-][0-9A-Za-z()*#.;=%-]*$/

function telephoneTo4(line: CardLine): CardLine {
  if (!hasWord(line, 'VALUE', 'uri')) return line
  if (isUri(line.value)) return changed(line, { value: unescapeUri(line.value) })
  const number = unescapeText(line.value).trim()
  if (!subscriber.test(number)) return changed(line, { parameters: without(line.parameters, 'VALUE') })
  return changed(line, {
    value: `tel:${number}`,
    parameters: withParameter(line.parameters, 'VALUE', ['uri']),
  })
}

function telephoneTo3(line: CardLine): CardLine {
  const [, number] = /^tel:(.*)$/is.exec(line.value) ?? []
  if (number === undefined && !hasWord(line, 'VALUE', 'uri')) return line
  const parameters = hasWord(line, 'VALUE', 'uri')
    ? line.parameters.map((one) => (one.name === 'VALUE' ? { name: 'X-VALUE', values: ['uri'] } : one))
    : [{ name: 'X-VALUE', values: ['uri'] }, ...line.parameters]
  return changed(line, {
    value: number === undefined ? line.value : escapeTextValue(unescapeText(number)),
    parameters,
  })
}

/** A URI that a text property holds is left as it is. */
function textTo4(line: CardLine): CardLine {
  if (!line.value.includes(',') || hasWord(line, 'VALUE', 'uri')) return line
  return changed(line, {
    value: line.value.replace(/\\[\s\S]|,/g, (found) => (found === ',' ? '\\,' : found)),
  })
}
