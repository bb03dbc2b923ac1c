import { type Parameter, parameterValues } from '../../text/content-lines.ts'
import type { Conversion } from './conversion.ts'
import { type CardLine, changed, decodeUri, each, hasWord, isUri, without } from './line.ts'

const media = ['PHOTO', 'LOGO', 'SOUND', 'KEY']

/** Formats of 3.0 whose media type is not the property's own type and the format. @see RFC 6350 §6.2.4, §6.6.3, §6.7.5, §6.8.1 */
const formats: ReadonlyMap<string, string> = new Map([
  ['SOUND WAVE', 'audio/wav'],
  ['KEY PGP', 'application/pgp-keys'],
  ['KEY X509', 'application/pkix-cert'],
])

/** What the files of a format begin with, in base64. */
const beginnings: readonly (readonly [beginning: string, type: string])[] = [
  ['/9j/', 'image/jpeg'],
  ['iVBORw0K', 'image/png'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
]

export const mediaFiles: Conversion = {
  about: media.map((name) => `\`${name}\``).join(', '),
  three: '`PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ…`, `PHOTO;VALUE=uri;TYPE=GIF:https://…`',
  four: '`PHOTO:data:image/jpeg;base64,/9j/4AAQ…`, `PHOTO;MEDIATYPE=image/gif:https://…`',
  note: 'Data that is not marked as such is known by its beginning. A media type that the format does not tell is kept as `X-MEDIATYPE`, a place (home, work) as `X-TYPE`.',
  rfc: 'RFC 2426 §3.1.4, §3.5.3, §3.6.6, §3.7.2, RFC 2397, RFC 6350 §6.2.4',
  to4: each(media, mediaTo4),
  to3: each(media, mediaTo3),
  examples: [
    {
      three: ['PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSk=='],
      four: ['PHOTO:data:image/jpeg;base64,/9j/4AAQSk=='],
    },
    {
      three: ['PHOTO;BASE64:  iVBORw0KGgo='],
      four: ['PHOTO:data:image/png;base64,iVBORw0KGgo='],
      only: 'to 4.0',
    },
    {
      three: ['PHOTO:UklGRowgAABXRUJQ'],
      four: ['PHOTO:data:image/webp;base64,UklGRowgAABXRUJQ'],
      only: 'to 4.0',
    },
    {
      three: ['PHOTO;VALUE=uri;TYPE=GIF:https://a/b.gif'],
      four: ['PHOTO;MEDIATYPE=image/gif:https://a/b.gif'],
    },
    { three: ['PHOTO:https://a/b'], four: ['PHOTO:https://a/b'], only: 'to 4.0' },
    { three: ['PHOTO;VALUE=uri:https://a/b'], four: ['PHOTO:https://a/b'] },
    {
      three: ['PHOTO;VALUE=uri:data:image/png;base64,iVBORw0KGgo='],
      four: ['PHOTO:data:image/png;base64,iVBORw0KGgo='],
      only: 'to 4.0',
    },
    {
      three: ['PHOTO;X-ABCROP-RECTANGLE=ABClipRect_1&0&0;ENCODING=b;TYPE=JPEG;TYPE=pref:/9j/4AAQ'],
      four: ['PHOTO;X-ABCROP-RECTANGLE=ABClipRect_1&0&0;PREF=1:data:image/jpeg;base64,/9j/4AAQ'],
      only: 'to 4.0',
    },
    {
      three: ['LOGO;ENCODING=b;TYPE=SVG+XML:PHN2Zz4='],
      four: ['LOGO:data:image/svg+xml,%3Csvg%3E'],
      only: 'to 3.0',
    },
    {
      three: ['LOGO;X-TYPE=work;X-MEDIATYPE=application/pdf;ENCODING=b;TYPE=PDF:JVBERi0='],
      four: ['LOGO;TYPE=work:data:application/pdf;base64,JVBERi0='],
    },
    { three: ['SOUND;ENCODING=b;TYPE=BASIC:VGhlcmU='], four: ['SOUND:data:audio/basic;base64,VGhlcmU='] },
    { three: ['KEY;ENCODING=b;TYPE=PGP:VGhlcmU='], four: ['KEY:data:application/pgp-keys;base64,VGhlcmU='] },
    { three: ['KEY;ENCODING=b:VGhlcmU='], four: ['KEY:data:application/octet-stream;base64,VGhlcmU='] },
    { three: ['KEY;VALUE=text:-----BEGIN PGP'], four: ['KEY;VALUE=text:-----BEGIN PGP'] },
  ],
}

const places = ['home', 'work']
const encodings = ['b', 'base64']
const noType = 'application/octet-stream'

function mediaTo4(line: CardLine): CardLine {
  const value = line.value.trim()
  if (hasWord(line, 'VALUE', 'text')) return line
  const types = parameterValues(line, 'TYPE').filter((type) => !encodings.includes(type.toLowerCase()))
  const format = types.find((type) => !places.includes(type.toLowerCase()))
  const own = parameterValues(line, 'MEDIATYPE')[0] ?? mediaType(line.name, format)
  const others = kept(line, types)
  if (/^data:/i.test(value)) {
    return changed(line, { value: wholeData(value, own), parameters: without(others, 'MEDIATYPE') })
  }
  if (isUri(value)) {
    const named = own === undefined ? others : withMediaType(others, own)
    return changed(line, { parameters: named })
  }
  const data = value.replace(/\s+/g, '')
  const known = mediaTypeOfData(data)
  if (!isEncoded(line) && known === undefined) return line
  return changed(line, {
    value: `data:${own ?? known ?? noType};base64,${data}`,
    parameters: without(others, 'MEDIATYPE'),
  })
}

/** Bare words (vCard 2.1) are read as types. */
function isEncoded(line: CardLine): boolean {
  return (
    hasWord(line, 'VALUE', 'binary') ||
    encodings.some((encoding) => hasWord(line, 'ENCODING', encoding) || hasWord(line, 'TYPE', encoding))
  )
}

/** What is left of the parameters: places under their own name, the format no more. */
function kept(line: CardLine, types: readonly string[]): readonly Parameter[] {
  const stay = types.filter((type) => places.includes(type.toLowerCase()))
  return without(line.parameters, 'ENCODING', 'VALUE').flatMap((parameter) => {
    if (parameter.name === 'X-TYPE') return { ...parameter, name: 'TYPE' }
    if (parameter.name !== 'TYPE') return parameter
    const here = parameter.values.filter((type) => stay.includes(type))
    return here.length === 0 ? [] : { ...parameter, values: here }
  })
}

function withMediaType(parameters: readonly Parameter[], type: string): readonly Parameter[] {
  return parameters.some(({ name }) => name === 'MEDIATYPE')
    ? parameters
    : [...parameters, { name: 'MEDIATYPE', values: [type] }]
}

/** `data:base64\,…` and the like of careless programs get what they lack. */
function wholeData(value: string, type: string | undefined): string {
  const plain = value.replace(/^data:([^,\\]*)\\?,/i, 'data:$1,')
  const [, head = '', data = ''] = /^data:([^,]*),([\s\S]*)$/i.exec(plain) ?? []
  if (!/^(?:base64|;base64)$/i.test(head)) return plain
  return `data:${type ?? mediaTypeOfData(data) ?? noType};base64,${data}`
}

function mediaTo3(line: CardLine): CardLine {
  const value = line.value.trim()
  if (hasWord(line, 'VALUE', 'text')) return line
  const places4 = parameterValues(line, 'TYPE').filter((type) => places.includes(type.toLowerCase()))
  const format = parameterValues(line, 'TYPE').find((type) => !places.includes(type.toLowerCase()))
  const named = parameterValues(line, 'MEDIATYPE')[0] ?? mediaType(line.name, format)
  const base = without(line.parameters, 'VALUE', 'ENCODING', 'MEDIATYPE').flatMap((parameter) => {
    if (parameter.name !== 'TYPE') return parameter
    return places4.length === 0 ? [] : { name: 'X-TYPE', values: places4 }
  })
  const inline = readData(value, named)
  if (inline !== undefined) {
    const { type, data } = inline
    const encoding = { name: 'ENCODING', values: ['b'] }
    const [extra, told] = formatParameters(line.name, type)
    return changed(line, { value: data, parameters: [...base, ...extra, encoding, ...told] })
  }
  if (!isUri(value)) return line
  const [extra, told] = named === undefined ? [[], []] : formatParameters(line.name, named)
  return changed(line, { parameters: [...base, ...extra, { name: 'VALUE', values: ['uri'] }, ...told] })
}

/** The media type in X-MEDIATYPE where TYPE does not give it back, and TYPE. */
function formatParameters(name: string, type: string): [extra: Parameter[], told: Parameter[]] {
  if (type.toLowerCase() === noType) return [[], []]
  const known = [...formats].find(
    ([key, media]) => key.startsWith(`${name} `) && media === type.toLowerCase(),
  )
  const format =
    known?.[0].slice(name.length + 1) ?? /\/([A-Za-z0-9+.-]+)/.exec(type)?.[1]?.toUpperCase() ?? ''
  const extra = mediaType(name, format) === type ? [] : [{ name: 'X-MEDIATYPE', values: [type] }]
  return [extra, format === '' ? [] : [{ name: 'TYPE', values: [format] }]]
}

/** Octets of a data: URI, or of base64 that stands for itself. @see RFC 2397 §3 */
function readData(value: string, named: string | undefined): { type: string; data: string } | undefined {
  if (!/^data:/i.test(value)) {
    const type = isUri(value) ? undefined : mediaTypeOfData(value)
    return type === undefined ? undefined : { type: named ?? type, data: value }
  }
  const [, head = '', body = ''] = /^data:([^,]*),([\s\S]*)$/i.exec(wholeData(value, named)) ?? []
  const isBase64 = /;base64$/i.test(head)
  const type = head.replace(/;base64$/i, '') || named || noType
  if (isBase64) return { type, data: body.replace(/\s+/g, '') }
  return { type, data: Buffer.from(decodeUri(body) ?? body).toString('base64') }
}

function mediaType(name: string, format: string | undefined): string | undefined {
  if (format === undefined || format === '') return undefined
  const known = formats.get(`${name} ${format.toUpperCase()}`)
  if (known !== undefined) return known
  if (format.includes('/')) return format.toLowerCase()
  const top = name === 'SOUND' ? 'audio' : name === 'KEY' ? 'application' : 'image'
  return `${top}/${format.toLowerCase()}`
}

function mediaTypeOfData(data: string): string | undefined {
  return beginnings.find(([beginning]) => data.startsWith(beginning))?.[1]
}
