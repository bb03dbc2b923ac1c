import type { Component } from './calendar.ts'

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

/** The zone of an IANA name, in any case; undefined when there is none of that name. */
export declare function ianaZone(name: string): Zone | undefined

/**
 * The zone a TZID means: an IANA name, also at the end of a path; a Windows name; what X-LIC-LOCATION says; else the
 * rules of its own VTIMEZONE. Undefined when none of these is known.
 * @param vtimezones  the VTIMEZONE components of the object by their TZID
 */
export declare function zoneFor(tzid: string, vtimezones: ReadonlyMap<string, Component>): Zone | undefined
