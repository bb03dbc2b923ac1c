import { type ContentLine, parameter } from '../text/content-lines.ts'
import { type Calendar, type Component, property } from './calendar.ts'
import { dayMs } from './gregorian.ts'
import { utcZone, type Zone, zoneFor } from './timezone.ts'
import {
  type IcalTime,
  type Period,
  readPeriod,
  readTime,
  type TimeParameters,
  ValueError,
} from './values.ts'

/** How the wall times of a component become instants. */
export interface Clock {
  /** Undefined for dates and for floating times: then the zone is the reader's to choose. */
  readonly zone: Zone | undefined
  readonly isDate: boolean
}

/**
 * The DATE or DATE-TIME of a property.
 * @throws ValueError
 * @see RFC 5545 §3.3.4, §3.3.5
 */
export function readTimeLine(line: ContentLine): IcalTime {
  return readTime(line.value, timeParameters(line))
}

/** The first property of that name as a time; undefined when there is none, or none that can be read. */
export function timeOf(component: Component, name: string): IcalTime | undefined {
  const line = property(component, name)
  return line && quietly(() => readTimeLine(line))
}

/**
 * The times and periods of an RDATE, EXDATE or FREEBUSY; values that cannot be read are passed over.
 * @see RFC 5545 §3.8.5.1, §3.8.5.2, §3.8.2.6
 */
export function timesOf(line: ContentLine): { times: (IcalTime | Period)[]; isReadable: boolean } {
  const parameters = timeParameters(line)
  const times: (IcalTime | Period)[] = []
  let isReadable = true
  for (const value of line.value.split(',')) {
    if (value.trim() === '') continue
    const read = quietly<IcalTime | Period>(() =>
      value.includes('/') ? readPeriod(value, parameters) : readTime(value, parameters),
    )
    if (read) times.push(read)
    else isReadable = false
  }
  return { times, isReadable }
}

/** The clock a time was written on; a TZID that means no zone floats. */
export function clockOf(time: IcalTime, calendar: Calendar): Clock {
  if (time.form === 'date') return dateClock
  if (time.form === 'utc') return utcClock
  if (time.tzid === undefined) return floatingClock
  return { zone: zoneFor(time.tzid, calendar.timezones), isDate: false }
}

/** The instant of a time. @param floating  the zone of dates and floating times */
export function instantOf(time: IcalTime, calendar: Calendar, floating: Zone): number {
  return (clockOf(time, calendar).zone ?? floating).toUtc(time.wall)
}

/**
 * What one clock shows when another shows `wall`. Without a zone on either side the digits are taken over.
 */
export function wallOn(clock: Clock, wall: number, from: Clock): number {
  if (clock.isDate) return Math.floor(wall / dayMs) * dayMs
  if (!clock.zone || !from.zone || clock.zone === from.zone) return wall
  return clock.zone.toWall(from.zone.toUtc(wall))
}

/** The value, or undefined when it cannot be read. */
export function quietly<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof ValueError) return undefined
    throw error
  }
}

const dateClock: Clock = { zone: undefined, isDate: true }
const floatingClock: Clock = { zone: undefined, isDate: false }
const utcClock: Clock = { zone: utcZone, isDate: false }

function timeParameters(line: ContentLine): TimeParameters {
  if (line.parameters.length === 0) return noParameters
  return { tzid: parameter(line, 'TZID'), date: parameter(line, 'VALUE')?.toUpperCase() === 'DATE' }
}

const noParameters: TimeParameters = {}
