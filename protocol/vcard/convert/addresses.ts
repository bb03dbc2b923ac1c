import { escapeTextValue, parameterValues, unescapeText } from '../../text/content-lines.ts'
import type { Conversion } from './conversion.ts'
import {
  type CardLine,
  changed,
  each,
  hasWord,
  isUri,
  type Lines,
  without,
  withParameter,
  wordsOf,
} from './line.ts'

export const addressLabels: Conversion = {
  about: '`LABEL`',
  three: '`LABEL;TYPE=home:` beside its `ADR`',
  four: '`ADR;TYPE=home;LABEL="…":`',
  note: 'A label belongs to the address of the same types; one that has none is an address with a label only.',
  rfc: 'RFC 2426 §3.2.2, RFC 6350 §6.3.1, RFC 6868',
  to4: labelsTo4,
  to3: labelsTo3,
  examples: [
    {
      three: ['ADR;TYPE=home:;;1 Main St;Any Town;;;', 'LABEL;TYPE=home:1 Main St\\nAny Town\\, CA', 'TEL:1'],
      four: ['ADR;TYPE=home;LABEL="1 Main St^nAny Town, CA":;;1 Main St;Any Town;;;', 'TEL:1'],
    },
    {
      three: ['LABEL;TYPE=work;TYPE=pref:Box 1'],
      four: ['ADR;TYPE=work;PREF=1;LABEL=Box 1:;;;;;;'],
    },
    {
      three: ['ADR;TYPE=work:;;A;;;;', 'ADR;TYPE=home:;;B;;;;', 'LABEL;TYPE=HOME:b', 'LABEL;TYPE=WORK:a'],
      four: ['ADR;TYPE=work;LABEL=a:;;A;;;;', 'ADR;TYPE=home;LABEL=b:;;B;;;;'],
      only: 'to 4.0',
    },
  ],
}

export const position: Conversion = {
  about: '`GEO`',
  three: '`GEO:37.386013;-122.082932`',
  four: '`GEO:geo:37.386013,-122.082932`',
  note: 'Height, precision and the like are kept as `X-URI`; another URI as `X-GEO`.',
  rfc: 'RFC 2426 §3.4.2, RFC 5870, RFC 6350 §6.5.2',
  to4: each(['GEO', 'X-GEO'], positionTo4),
  to3: each(['GEO'], positionTo3),
  examples: [
    { three: ['GEO:37.386013;-122.082932'], four: ['GEO:geo:37.386013,-122.082932'] },
    {
      three: ['GEO;X-URI="geo:48.2,16.3,183;u=9":48.2;16.3'],
      four: ['GEO:geo:48.2,16.3,183;u=9'],
    },
    { three: ['X-GEO:https://example.com/map'], four: ['GEO:https://example.com/map'] },
    { three: ['GEO:somewhere'], four: ['GEO:somewhere'] },
  ],
}

export const timezone: Conversion = {
  about: '`TZ`',
  three: '`TZ:-05:00`, `TZ;VALUE=text:Europe/Paris`',
  four: '`TZ;VALUE=utc-offset:-0500`, `TZ:Europe/Paris`',
  rfc: 'RFC 2426 §3.4.1, RFC 6350 §6.5.1',
  to4: each(['TZ'], timezoneTo4),
  to3: each(['TZ'], timezoneTo3),
  examples: [
    { three: ['TZ:-05:00'], four: ['TZ;VALUE=utc-offset:-0500'] },
    { three: ['TZ;VALUE=text:Europe/Paris'], four: ['TZ:Europe/Paris'] },
    { three: ['TZ:Europe/Paris'], four: ['TZ:Europe/Paris'], only: 'to 4.0' },
    { three: ['TZ;VALUE=uri:https://example.com/tz'], four: ['TZ;VALUE=uri:https://example.com/tz'] },
  ],
}

function labelsTo4(lines: Lines): Lines {
  if (!lines.some(({ name }) => name === 'LABEL')) return lines
  const kinds = addressesByKind(lines)
  const texts = new Map<CardLine, string>()
  const placed = new Set<CardLine>()
  lines.forEach((line, at) => {
    if (line.name !== 'LABEL' || !isBare(line)) return
    const address = takeAddress(kinds.get(addressKind(line)), lines[at - 1])
    if (address === undefined) return
    texts.set(address, unescapeText(line.value))
    placed.add(line)
  })
  return lines.flatMap((line) => {
    if (placed.has(line)) return []
    if (line.name === 'LABEL') return labelled(newAddress(line), unescapeText(line.value))
    const text = texts.get(line)
    return text === undefined ? line : labelled(line, text)
  })
}

/** Addresses of the same types, preference and group that have no label yet, and how many labels there are for them. */
interface AddressKind {
  readonly free: Set<CardLine>
  count: number
  labels: number
}

function addressesByKind(lines: Lines): ReadonlyMap<string, AddressKind> {
  const kinds = new Map<string, AddressKind>()
  for (const line of lines) {
    if (line.name !== 'LABEL' && (line.name !== 'ADR' || hasLabel(line))) continue
    const kind = kinds.get(addressKind(line)) ?? { free: new Set(), count: 0, labels: 0 }
    kinds.set(addressKind(line), kind)
    if (line.name === 'LABEL') kind.labels += 1
    else {
      kind.free.add(line)
      kind.count += 1
    }
  }
  return kinds
}

/** In order where there are as many addresses as labels of a kind; else the address just before the label, or the first. */
function takeAddress(kind: AddressKind | undefined, before: CardLine | undefined): CardLine | undefined {
  if (kind === undefined) return undefined
  const isPaired = kind.count === kind.labels
  const [first] = kind.free
  const taken = !isPaired && before !== undefined && kind.free.has(before) ? before : first
  if (taken !== undefined) kind.free.delete(taken)
  return taken
}

/** A label with parameters of its own keeps them on an address of its own. */
function isBare(label: CardLine): boolean {
  return label.parameters.every(({ name }) => name === 'TYPE' || name === 'PREF')
}

function addressKind(line: CardLine): string {
  const rank = parameterValues(line, 'PREF')[0] ?? ''
  return `${line.group?.toLowerCase() ?? ''} ${[...new Set(wordsOf(line, 'TYPE'))].sort().join(',')} ${rank}`
}

function hasLabel(line: CardLine): boolean {
  return parameterValues(line, 'LABEL').length > 0
}

function newAddress(label: CardLine): CardLine {
  return changed(label, { name: 'ADR', value: ';;;;;;' })
}

function labelled(line: CardLine, text: string): CardLine {
  return changed(line, { parameters: withParameter(line.parameters, 'LABEL', [text]) })
}

function labelsTo3(lines: Lines): Lines {
  return lines.flatMap((line) => {
    if (line.name !== 'ADR' || !hasLabel(line)) return line
    const text = labelText(parameterValues(line, 'LABEL').join(','))
    const address = changed(line, { parameters: without(line.parameters, 'LABEL') })
    const label = changed(address, { name: 'LABEL', value: escapeTextValue(text) })
    if (/^[;,\s]*$/.test(line.value)) return label
    return [
      address,
      { ...label, parameters: line.parameters.filter(({ name }) => name === 'TYPE' || name === 'PREF') },
    ]
  })
}

/** RFC 6350 §6.3.1 breaks lines by `\n`, and programs escape more than that. */
function labelText(value: string): string {
  return unescapeText(value)
    .replaceAll('\\"', '"')
    .replace(/^"(.*)"$/s, '$1')
}

/** @see RFC 5870 §3.3 */
const geoUri = /^geo:([-+]?\d+(?:\.\d+)?)\\?,([-+]?\d+(?:\.\d+)?)(.*)$/is
const coordinates = /^\s*([-+]?\d+(?:\.\d+)?)\s*\\?[;,]\s*([-+]?\d+(?:\.\d+)?)\s*$/

function positionTo4(line: CardLine): CardLine {
  if (line.name === 'X-GEO') return changed(line, { name: 'GEO' })
  const [, latitude, longitude] = coordinates.exec(line.value) ?? []
  if (latitude === undefined || longitude === undefined) return line
  const plain = `geo:${latitude.replace('+', '')},${longitude.replace('+', '')}`
  const [whole] = parameterValues(line, 'X-URI')
  const value = whole?.startsWith(plain) ? whole : plain
  return changed(line, { value, parameters: without(line.parameters, 'X-URI') })
}

function positionTo3(line: CardLine): CardLine {
  const parameters = without(line.parameters, 'VALUE')
  const [, latitude, longitude, rest] = geoUri.exec(line.value) ?? []
  if (latitude === undefined || longitude === undefined) {
    return isUri(line.value) ? changed(line, { name: 'X-GEO' }) : line
  }
  const value = `${latitude};${longitude}`
  const whole = line.value.replace('\\,', ',')
  return changed(line, {
    value,
    parameters: rest === '' ? parameters : [...parameters, { name: 'X-URI', values: [whole] }],
  })
}

const offset = /^\s*([+-]\d\d):?(\d\d)?\s*$/

function timezoneTo4(line: CardLine): CardLine {
  if (hasWord(line, 'VALUE', 'text')) return changed(line, { parameters: without(line.parameters, 'VALUE') })
  const [, hours, minutes = '00'] = offset.exec(line.value) ?? []
  if (hours === undefined || hasWord(line, 'VALUE', 'uri')) return line
  const parameters = withParameter(line.parameters, 'VALUE', ['utc-offset'])
  return changed(line, { value: `${hours}${minutes}`, parameters })
}

function timezoneTo3(line: CardLine): CardLine {
  if (hasWord(line, 'VALUE', 'uri')) return line
  const [, hours, minutes = '00'] = offset.exec(line.value) ?? []
  if (hours !== undefined && hasWord(line, 'VALUE', 'utc-offset')) {
    return changed(line, { value: `${hours}:${minutes}`, parameters: without(line.parameters, 'VALUE') })
  }
  const parameters = [{ name: 'VALUE', values: ['text'] }, ...without(line.parameters, 'VALUE')]
  return hasWord(line, 'VALUE', 'text') ? line : changed(line, { parameters })
}
