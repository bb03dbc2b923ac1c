import { caldav, carddav } from '../../protocol/dav/names.ts'
import { decodeText } from '../../protocol/text/decode.ts'
import { validateCard } from '../../protocol/vcard/validate.ts'
import { type Client, multigetBody, readMultistatus } from '../dav/client.ts'
import { type CorpusFile, check } from './corpus-file.ts'

/** A form that an object is given in: what Accept and the report ask for, and how the report gives it. */
interface Form {
  readonly type: string
  readonly version: string
  /** Not by reports. */
  readonly onlyByGet?: true
}

const cardForms: readonly Form[] = [
  { type: 'text/vcard', version: '3.0' },
  { type: 'text/vcard', version: '4.0' },
  { type: 'application/vcard+json', version: '4.0' },
  { type: 'application/jscontact+json', version: '1.0', onlyByGet: true },
]
const calendarForms: readonly Form[] = [{ type: 'application/calendar+json', version: '2.0' }]

/** Where an object is stored. */
export interface StoredAt {
  readonly collection: string
  readonly href: string
  readonly kind: CorpusFile['kind']
}

/**
 * A stored object is given in every form, the same by GET and by REPORT, with one ETag: as the version that was asked for, or
 * as JSON.
 * @throws CheckError
 */
export async function checkForms(
  request: Client['request'],
  { collection, href, kind }: StoredAt,
): Promise<void> {
  const stored = await request('GET', href)
  for (const form of kind === 'addressbook' ? cardForms : calendarForms) {
    const { type, version, onlyByGet } = form
    const got = await request('GET', href, { headers: { Accept: `${type};version=${version}` } })
    const name = `${type} ${version}`
    check(got.status === 200, `GET of ${name} answered ${got.status}`)
    check(got.headers.etag === stored.headers.etag, `${name} has another ETag`)
    check(String(got.headers['content-type']).startsWith(type), `${name} is ${got.headers['content-type']}`)
    const { text } = decodeText(got.body)
    if (type === 'text/vcard') {
      const found = validateCard(text).version
      check(found === version, `${name} is ${found}`)
    } else JSON.parse(text)
    if (onlyByGet) continue
    const reported = await reportedAs(request, { collection, href, kind }, form)
    check(reported === inXml(text), `REPORT and GET give other texts of ${name}`)
  }
}

/** XML has no place for these characters. @see XML 1.0 §2.2 */
export function inXml(text: string): string {
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
}

/** What a multiget gives of an object in one form. @throws CheckError */
export async function reportedAs(
  request: Client['request'],
  { collection, href, kind }: StoredAt,
  { type, version }: Pick<Form, 'type' | 'version'>,
): Promise<string | undefined> {
  const body = multigetBody(kind, [href]).replace(
    /-data xmlns/,
    `-data content-type="${type}" version="${version}" xmlns`,
  )
  const answer = await request('REPORT', collection, { headers: { 'Content-Type': 'application/xml' }, body })
  check(answer.status === 207, `REPORT of ${type} ${version} answered ${answer.status}`)
  const data = kind === 'calendar' ? caldav('calendar-data') : carddav('address-data')
  return readMultistatus(answer).of(href).text(data)
}
