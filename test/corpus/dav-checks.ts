import { dav } from '../../protocol/dav/names.ts'
import { decodeText } from '../../protocol/text/decode.ts'
import { type Answer, type Client, calendarQueryBody, createClient, preconditionsOf } from '../dav/client.ts'
import { type CorpusFile, check, oneObject } from './corpus-file.ts'
import { checkForms, inXml, reportedAs } from './form-checks.ts'

/** A signed-in account with a calendar and a book for the corpus. */
export interface Target {
  readonly request: Client['request']
  readonly collections: Readonly<Record<CorpusFile['kind'], string>>
}

/** No answer may take longer. */
export const boundMs = 5_000

/** @throws CheckError when the collections cannot be made */
export async function openTarget(url: string, user: string, password: string): Promise<Target> {
  const { request: send } = createClient(url, { name: user, password })
  const request: Client['request'] = async (method, path, options) => {
    const startedAt = performance.now()
    const answer = await send(method, path, options)
    const tookMs = performance.now() - startedAt
    check(answer.status < 500, `${method} answered ${answer.status}`)
    check(tookMs <= boundMs, `${method} took ${Math.round(tookMs)} ms`)
    return answer
  }
  const calendar = `/dav/calendars/${user}/corpus/`
  const { status } = await request('MKCALENDAR', calendar)
  check(status === 201, `MKCALENDAR answered ${status}`)
  return { request, collections: { calendar, addressbook: `/dav/addressbooks/${user}/contacts/` } }
}

/**
 * A file that is one valid object is stored, and comes back as it is by GET and by REPORT, and in every other form;
 * queries over it answer.
 * @throws CheckError
 */
export async function checkStored({ request, collections }: Target, file: CorpusFile): Promise<void> {
  const { kind, bytes } = file
  const collection = collections[kind]
  const href = hrefIn(collection, kind)
  const put = await putFile(request, href, file)
  check(put.status === 201, `PUT answered ${put.status}: ${put.text}`)
  try {
    const { headers, body } = await request('GET', href)
    check(body.equals(bytes), 'GET gives other octets')
    check(headers.etag !== undefined && headers.etag === put.headers.etag, 'GET and PUT give other ETags')
    const type = kind === 'calendar' ? 'text/calendar' : 'text/vcard'
    const version = oneObject(file)?.version ?? '2.0'
    const text = await reportedAs(request, { collection, href, kind }, { type, version })
    check(text === inXml(decodeText(bytes).text), 'REPORT gives other text')
    await checkForms(request, { collection, href, kind })
    for (const query of queries(kind)) await report(request, collection, query)
    if (kind === 'calendar') await checkFreeBusy(request, collection)
  } finally {
    await request('DELETE', href)
  }
}

/** A year of free/busy, in and beyond the window of the index. @throws CheckError */
async function checkFreeBusy(request: Client['request'], calendar: string): Promise<void> {
  for (const year of [2010, 2026]) {
    const range = `<c:time-range start="${year}0101T000000Z" end="${year + 1}0101T000000Z"/>`
    const body = `<c:free-busy-query xmlns:c="urn:ietf:params:xml:ns:caldav">${range}</c:free-busy-query>`
    const { status, text } = await request('REPORT', calendar, { body })
    const isTooMuch = status === 507 && text.includes('number-of-matches-within-limits')
    check(isTooMuch || (status === 200 && text.includes('BEGIN:VFREEBUSY')), `free/busy answered ${status}`)
  }
}

/** A file that is not one valid object is refused, with a precondition. @throws CheckError */
export async function checkRefused({ request, collections }: Target, file: CorpusFile): Promise<void> {
  const href = hrefIn(collections[file.kind], file.kind)
  const put = await putFile(request, href, file)
  if (put.status < 300) await request('DELETE', href)
  check(put.status === 403, `PUT of what is not one object answered ${put.status}`)
  check(preconditionsOf(put).length > 0, 'PUT is refused without a precondition')
}

function hrefIn(collection: string, kind: CorpusFile['kind']): string {
  return `${collection}object.${kind === 'calendar' ? 'ics' : 'vcf'}`
}

function putFile(request: Client['request'], href: string, { kind, bytes }: CorpusFile): Promise<Answer> {
  const type = kind === 'calendar' ? 'text/calendar' : 'text/vcard'
  return request('PUT', href, { headers: { 'Content-Type': type }, body: bytes })
}

async function report(request: Client['request'], path: string, body: string): Promise<Answer> {
  const headers = { 'Content-Type': 'application/xml', Depth: '1' }
  const answer = await request('REPORT', path, { headers, body })
  check(answer.status === 207, `REPORT answered ${answer.status}: ${answer.text}`)
  return answer
}

function queries(kind: CorpusFile['kind']): string[] {
  if (kind === 'addressbook') {
    const prop = `<d:prop><d:getetag/></d:prop>`
    const filter =
      '<a:filter><a:prop-filter name="FN"><a:text-match>a</a:text-match></a:prop-filter></a:filter>'
    const namespaces = `xmlns:a="urn:ietf:params:xml:ns:carddav" xmlns:d="${dav('').slice(1, -1)}"`
    return [`<a:addressbook-query ${namespaces}>${prop}${filter}</a:addressbook-query>`]
  }
  const range = (start: string, end: string) => `<c:time-range start="${start}" end="${end}"/>`
  const [from, to] = ['20260101T000000Z', '20260201T000000Z']
  const expanded = `<d:getetag/><c:calendar-data><c:expand start="${from}" end="${to}"/></c:calendar-data>`
  return ['VEVENT', 'VTODO', 'VJOURNAL'].flatMap((name) => [
    calendarQueryBody(`<c:comp-filter name="${name}">${range(from, to)}</c:comp-filter>`, expanded),
    calendarQueryBody(
      `<c:comp-filter name="${name}">${range('19000101T000000Z', '20990101T000000Z')}</c:comp-filter>`,
    ),
  ])
}
