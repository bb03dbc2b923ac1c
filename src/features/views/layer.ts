import { createHash } from 'node:crypto'
import type { PersonalLayer, PersonalPart } from '../../../protocol/ical/personal.ts'

/** A layer as it is kept in a row: JSON, or nothing at all. */
export function writeLayer(layer: PersonalLayer): string {
  if (layer.size === 0) return ''
  const parts = [...layer].map(([key, { alarms, marks, transp }]) => [key, alarms, marks, transp])
  return JSON.stringify(parts.sort(([one = ''], [other = '']) => (one < other ? -1 : 1)))
}

/** @throws TypeError, SyntaxError for a row that was not written by `writeLayer` */
export function readLayer(text: string | undefined): PersonalLayer {
  if (text === undefined || text === '') return noLayer
  const parts: unknown = JSON.parse(text)
  if (!Array.isArray(parts)) throw new TypeError('The layer is no list.')
  return new Map(parts.map(readPart))
}

const noLayer: PersonalLayer = new Map()

function readPart(part: unknown): [string, PersonalPart] {
  const [key, alarms, marks, transp] = Array.isArray(part) ? part.map(String) : []
  if (key === undefined || alarms === undefined || marks === undefined || transp === undefined)
    throw new TypeError('A part of the layer is incomplete.')
  return [key, { alarms, marks, transp }]
}

/**
 * The entity tag of an object under a layer: that of the object itself where nothing lies over it. It is made of what is stored on both
 * sides, so that it needs no text.
 */
export function layeredEtag(etag: string, layer: string | undefined): string {
  if (layer === undefined || layer === '') return etag
  const digest = createHash('sha256').update(layer).digest('base64url').slice(0, 16)
  return `${etag.slice(0, -1)}.${digest}"`
}
