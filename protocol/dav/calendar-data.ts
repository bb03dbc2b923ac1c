import type { CalendarDataRequest, CompSelection, TimeRange } from '../ical/filter-types.ts'
import { readAskedType } from './asked-type.ts'
import { caldav } from './names.ts'
import { refuse, refuseStatus } from './preconditions.ts'
import { readTimeRange } from './time-range.ts'
import { child, children, type XmlElement } from './xml-read.ts'

/**
 * Reads what of each object a CALDAV:calendar-data in a request wants; attributes and elements not of RFC 4791 are passed over.
 * @throws refuse('supported-calendar-data') for anything but text/calendar 2.0 and jCal
 * @throws refuseStatus(400) when it is malformed
 * @see RFC 4791 §9.6
 */
export function readCalendarData(request: XmlElement): CalendarDataRequest {
  const isJson = asksForJson(request)
  const expand = readWholeRange(request, 'expand')
  const limitRecurrenceSet = readWholeRange(request, 'limit-recurrence-set')
  const limitFreebusySet = readWholeRange(request, 'limit-freebusy-set')
  if (expand !== undefined && limitRecurrenceSet !== undefined) {
    throw refuseStatus(400, 'A recurrence set is either expanded or limited.')
  }
  const comp = child(request, caldav('comp'))
  return {
    ...(isJson && { isJson: true }),
    ...(expand && { expand }),
    ...(limitRecurrenceSet && { limitRecurrenceSet }),
    ...(limitFreebusySet && { limitFreebusySet }),
    ...(comp && { comp: readCompSelection(comp) }),
  }
}

/** @see RFC 7265 */
function asksForJson(request: XmlElement): boolean {
  const { type = 'text/calendar', version = '2.0' } = readAskedType(request)
  const isJson = type === 'application/calendar+json'
  if ((isJson || type === 'text/calendar') && version === '2.0') return isJson
  const message = `Objects are given as text/calendar or application/calendar+json 2.0, not as ${type} ${version}.`
  throw refuse('supported-calendar-data', { message })
}

function readWholeRange(request: XmlElement, local: string): TimeRange | undefined {
  const element = child(request, caldav(local))
  if (element === undefined) return undefined
  const bad = (message: string) => refuseStatus(400, message)
  const range = readTimeRange(element, bad)
  if (range.start === undefined || range.end === undefined) throw bad(`${local} has a start and an end.`)
  return range
}

function readCompSelection(comp: XmlElement): CompSelection {
  const allprop = child(comp, caldav('allprop')) !== undefined
  const allcomp = child(comp, caldav('allcomp')) !== undefined
  const props = children(comp, caldav('prop')).map((prop) => ({
    name: selectedName(prop),
    novalue: prop.attributes.get('novalue') === 'yes',
  }))
  return {
    name: selectedName(comp),
    allprop,
    props: allprop ? [] : props,
    allcomp,
    comps: allcomp ? [] : children(comp, caldav('comp')).map(readCompSelection),
  }
}

function selectedName(element: XmlElement): string {
  const name = element.attributes.get('name')?.trim() ?? ''
  if (name === '') throw refuseStatus(400, 'A comp or prop has no name.')
  return name.toUpperCase()
}
