import { caldav, dav } from '../../protocol/dav/names.ts'
import {
  type Answer,
  calendarQueryBody,
  emptyElement,
  multigetBody,
  readMultistatus,
  syncBody,
} from './client.ts'
import type { Account } from './server.ts'

/** What one way to ask a calendar answered. */
export interface Face {
  readonly name: string
  readonly text: string
}

const xml = { 'Content-Type': 'application/xml', Depth: '1' }
const data = emptyElement(caldav('calendar-data'))
const expanded =
  '<x:calendar-data xmlns:x="urn:ietf:params:xml:ns:caldav"><x:expand start="20260101T000000Z" end="20270101T000000Z"/></x:calendar-data>'
const partial =
  '<x:calendar-data xmlns:x="urn:ietf:params:xml:ns:caldav"><x:comp name="VCALENDAR"><x:allprop/><x:comp name="VEVENT"><x:allprop/><x:allcomp/></x:comp></x:comp></x:calendar-data>'
const anyEvent = '<c:comp-filter name="VEVENT"/>'

/** Everything that a calendar says of its members, by every way to ask. */
export async function facesOf(client: Account, href: string): Promise<Face[]> {
  const faces: Face[] = []
  const ask = async (name: string, method: string, path: string, body?: string): Promise<Answer> => {
    const headers = body === undefined ? {} : xml
    const answer = await client.request(method, path, { headers, ...(body === undefined ? {} : { body }) })
    faces.push({ name, text: JSON.stringify(answer.headers) + answer.text })
    return answer
  }
  const listed = await ask('PROPFIND', 'PROPFIND', href, propfind('<d:allprop/>'))
  const named = await ask('PROPFIND propname', 'PROPFIND', href, propfind('<d:propname/>'))
  const names = new Set(readMultistatus(named).responses.flatMap(({ props }) => [...props.keys()]))
  const every = [...names].map(emptyElement).join('')
  await ask('PROPFIND of all properties', 'PROPFIND', href, propfind(`<d:prop>${every}</d:prop>`))
  const members = readMultistatus(listed).hrefs.filter((one) => one !== href)
  await ask('sync', 'REPORT', href, syncBody('', undefined, [dav('getetag'), caldav('calendar-data')]))
  await ask('query', 'REPORT', href, calendarQueryBody('', `<d:getetag/>${data}`))
  await ask('query of events', 'REPORT', href, calendarQueryBody(anyEvent, `<d:getetag/>${partial}`))
  const asJson = data.replace('<x:calendar-data', '<x:calendar-data content-type="application/calendar+json"')
  await ask('query of jCal', 'REPORT', href, calendarQueryBody('', `<d:getetag/>${asJson}`))
  await ask('expand', 'REPORT', href, calendarQueryBody(anyEvent, `<d:getetag/>${expanded}`))
  if (members.length > 0) await ask('multiget', 'REPORT', href, multigetBody('calendar', members))
  await ask('GET of all', 'GET', href)
  for (const member of members) {
    await ask('GET', 'GET', member)
    const json = await client.get(member, { Accept: 'application/calendar+json' })
    faces.push({ name: 'GET of jCal', text: JSON.stringify(json.headers) + json.text })
    await ask('PROPFIND of one', 'PROPFIND', member, propfind(`<d:prop>${data}<d:getetag/></d:prop>`))
  }
  return faces
}

function propfind(what: string): string {
  return `<d:propfind xmlns:d="DAV:">${what}</d:propfind>`
}

/** Which faces show a text. */
export function facesWith(faces: readonly Face[], text: string | RegExp): string[] {
  return faces.filter((face) => face.text.search(text) !== -1).map(({ name }) => name)
}
