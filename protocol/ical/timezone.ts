import type { Component } from './calendar.ts'
import { hourMs, minuteMs } from './gregorian.ts'
import { ianaZone } from './iana-zone.ts'
import { vtimezoneZone } from './vtimezone.ts'
import { windowsZones } from './windows-zones.ts'

export { ianaZone }

/** A time zone: how its clocks and UTC relate. Both ways never throw, whatever the time. */
export interface Zone {
  readonly name: string
  /**
   * The instant of a wall time. One that a clock change left out is read with the offset before the gap;
   * of one that comes twice it is the first.
   * @see RFC 5545 §3.3.5
   */
  toUtc(wall: number): number
  /** The wall time of an instant. */
  toWall(utc: number): number
}

export const utcZone: Zone = { name: 'UTC', toUtc: (wall) => wall, toWall: (utc) => utc }

/**
 * The zone a TZID means: an IANA name, also at the end of a path ("/mozilla.org/20070129_1/Europe/Paris"); a Windows
 * name; what X-LIC-LOCATION says; else the rules of its own VTIMEZONE; else a name that is an offset ("UTC+11").
 * Abbreviations ("EST", "CST") mean what their own VTIMEZONE says, if there is one.
 * Undefined when none of these is known: such times are read as floating.
 * @param vtimezones  the VTIMEZONE components of the object by their TZID
 * @see RFC 5545 §3.2.19, §3.8.3.1; RFC 7809 §4
 */
export function zoneFor(tzid: string, vtimezones: ReadonlyMap<string, Component>): Zone | undefined {
  const name = cleanName(tzid)
  const own = vtimezones.get(tzid) ?? vtimezones.get(name) ?? vtimezones.get(tzid.trim())
  if (own && abbreviation.test(name)) return vtimezoneZone(own) ?? namedZone(name)
  return namedZone(name) ?? locatedZone(own) ?? (own && vtimezoneZone(own)) ?? offsetZone(name)
}

const abbreviation = /^[a-z]{3,4}$/i

/** Without the quotes and blanks that writers leave around and in names. */
function cleanName(tzid: string): string {
  return tzid
    .trim()
    .replace(/^(["'])(.*)\1$/, '$2')
    .trim()
}

function namedZone(name: string): Zone | undefined {
  if (/^(?:z|utc|etc\/utc|tzone:\/\/microsoft\/utc)$/i.test(name)) return utcZone
  return ianaZone(name.replaceAll(' ', '_')) ?? windowsZone(name) ?? pathZone(name)
}

function windowsZone(name: string): Zone | undefined {
  const iana = windowsZones.get(name.toLowerCase())
  return iana === undefined ? undefined : ianaZone(iana)
}

/** An IANA name of three, two or one parts at the end of a path; one part only where the path says it is one. */
function pathZone(name: string): Zone | undefined {
  const parts = name.split('/').filter((part) => part !== '')
  const least = name.startsWith('/') ? 1 : 2
  for (let length = Math.min(3, parts.length); length >= least; length -= 1) {
    const zone = ianaZone(parts.slice(-length).join('/').replaceAll(' ', '_'))
    if (zone) return zone
  }
  return undefined
}

function locatedZone(own: Component | undefined): Zone | undefined {
  const location = own?.lines.find((line) => line.name === 'X-LIC-LOCATION')
  return location && namedZone(cleanName(location.value))
}

function offsetZone(name: string): Zone | undefined {
  const parts = /^(?:UTC|GMT)\s*([+-])(\d{1,2})(?::?(\d{2}))?$/i.exec(name)
  const hours = Number(parts?.[2])
  const minutes = Number(parts?.[3] ?? 0)
  if (!parts || hours > 14 || minutes > 59) return undefined
  const offset = (parts[1] === '-' ? -1 : 1) * (hours * hourMs + minutes * minuteMs)
  return { name, toUtc: (wall) => wall - offset, toWall: (utc) => utc + offset }
}
