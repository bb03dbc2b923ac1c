import { describe, expect, it } from 'vitest'
import {
  multistatusClose,
  multistatusOpen,
  propstatResponse,
  statusLine,
  statusResponse,
  syncTokenElement,
} from '../../../protocol/dav/multistatus.ts'
import { dav } from '../../../protocol/dav/names.ts'
import { errorElement, refuse } from '../../../protocol/dav/preconditions.ts'
import { children, textOf } from '../../../protocol/dav/xml-read.ts'
import { xml } from './xml.ts'

const statuses = (responses: string) => {
  const [response] = children(xml(multistatusOpen + responses + multistatusClose), dav('response'))
  return response && children(response, dav('propstat')).map((one) => textOf(one))
}

describe('RFC 4918 §13 multistatus (MIN-14, MIN-15)', () => {
  it('declares UTF-8 and every prefix on the root', () => {
    expect(multistatusOpen).toMatch(
      /^<\?xml version="1.0" encoding="utf-8"\?>\n<d:multistatus xmlns:d="DAV:" /,
    )
    expect(xml(multistatusOpen + multistatusClose).name).toBe(dav('multistatus'))
  })

  it('writes status lines verbatim, HTTP/1.1 whatever is on the wire (MIN-01, TBA-01)', () => {
    expect([200, 404, 507, 299].map(statusLine)).toEqual([
      'HTTP/1.1 200 OK',
      'HTTP/1.1 404 Not Found',
      'HTTP/1.1 507 Insufficient Storage',
      'HTTP/1.1 299 Unknown',
    ])
  })

  it('puts the 200 propstat first and each status once (KDE-04)', () => {
    expect(propstatResponse('/a&b/', '<d:getetag>"1"</d:getetag>', '<d:owner/>')).toBe(
      '<d:response><d:href>/a&amp;b/</d:href>' +
        '<d:propstat><d:prop><d:getetag>"1"</d:getetag></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>' +
        '<d:propstat><d:prop><d:owner/></d:prop><d:status>HTTP/1.1 404 Not Found</d:status></d:propstat></d:response>',
    )
  })

  it('has a propstat even when there is nothing to say', () => {
    expect(propstatResponse('/', '')).toBe(
      '<d:response><d:href>/</d:href><d:propstat><d:prop/><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>',
    )
    expect(statuses(propstatResponse('/', '', '<d:a/>'))).toEqual(['HTTP/1.1 404 Not Found'])
  })

  it('names the precondition of a refused property (RFC 4918 §9.2.1)', () => {
    const error = errorElement(refuse('cannot-modify-protected-property'))
    const refused = [
      { status: 403, props: '<d:getetag/>', error },
      { status: 424, props: '<d:displayname/>' },
    ]
    expect(statuses(propstatResponse('/', '', '', refused))).toEqual([
      'HTTP/1.1 403 Forbidden',
      'HTTP/1.1 424 Failed Dependency',
    ])
    expect(propstatResponse('/', '', '', refused)).toContain(
      '<d:error><d:cannot-modify-protected-property/></d:error></d:propstat>',
    )
  })

  it('answers for the resource itself with a status only (MIN-26, OCS-06)', () => {
    expect(statusResponse('/x', 404)).toBe(
      '<d:response><d:href>/x</d:href><d:status>HTTP/1.1 404 Not Found</d:status></d:response>',
    )
    expect(statusResponse('/', 507, errorElement(refuse('number-of-matches-within-limits')))).toBe(
      '<d:response><d:href>/</d:href><d:status>HTTP/1.1 507 Insufficient Storage</d:status>' +
        '<d:error><d:number-of-matches-within-limits/></d:error></d:response>',
    )
    expect(syncTokenElement('urn:a&b')).toBe('<d:sync-token>urn:a&amp;b</d:sync-token>')
  })
})
