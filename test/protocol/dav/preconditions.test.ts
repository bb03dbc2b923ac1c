import { describe, expect, it } from 'vitest'
import { caldav, carddav, dav } from '../../../protocol/dav/names.ts'
import {
  errorBody,
  errorElement,
  preconditions,
  refuse,
  refuseStatus,
} from '../../../protocol/dav/preconditions.ts'
import { elements } from '../../../protocol/dav/xml-read.ts'
import { xml } from './xml.ts'

describe('RFC 4918 §16 preconditions', () => {
  it('answers 403, 409, 423 or 507, never 412', () => {
    for (const { status } of Object.values(preconditions)) expect([403, 409, 423, 507]).toContain(status)
  })

  it('gives each its element and its namespace', () => {
    expect(preconditions['caldav:no-uid-conflict'].element).toBe(caldav('no-uid-conflict'))
    expect(preconditions['carddav:no-uid-conflict'].element).toBe(carddav('no-uid-conflict'))
    expect(preconditions['valid-sync-token']).toMatchObject({ element: dav('valid-sync-token'), status: 403 })
    expect(preconditions['quota-not-exceeded'].status).toBe(507)
  })

  it('writes an error that holds the element only (TBC-04)', () => {
    const refusal = refuse('propfind-finite-depth', { message: 'Too deep for us.' })
    expect(refusal).toMatchObject({
      status: 403,
      message: 'Too deep for us.',
      precondition: 'propfind-finite-depth',
    })
    const root = xml(errorBody(refusal))
    expect([root.name, root.children.length]).toEqual([dav('error'), 1])
    expect(elements(root)[0]).toMatchObject({ name: dav('propfind-finite-depth'), children: [] })
  })

  it('writes no empty error (TBC-04)', () => {
    const refusal = refuseStatus(405, 'Not here.', { Allow: 'GET' })
    expect([errorBody(refusal), errorElement(refusal)]).toEqual(['', ''])
    expect(refusal).toMatchObject({ status: 405, precondition: undefined, headers: { Allow: 'GET' } })
  })

  it('takes another status where one is due (RFC 5689 §3, MIN-25)', () => {
    expect(refuse('resource-must-be-null', { status: 405 }).status).toBe(405)
    expect(refuse('valid-sync-token', { status: 400 }).status).toBe(400)
  })
})

describe('RFC 4791 §5.3.2.1, RFC 6352 §6.3.2.1 the object in the way (VDS-08, MIN-37)', () => {
  it('is named by its href', () => {
    expect(refuse('caldav:no-uid-conflict', { href: '/a&b/x.ics' }).body).toBe(
      '<c:no-uid-conflict><d:href>/a&amp;b/x.ics</d:href></c:no-uid-conflict>',
    )
    expect(refuse('carddav:no-uid-conflict', { href: '/x.vcf' }).body).toBe(
      '<card:no-uid-conflict><d:href>/x.vcf</d:href></card:no-uid-conflict>',
    )
  })
})

describe('RFC 3744 §7.1.1 need-privileges (EVO-09)', () => {
  it('names the resource with each privilege', () => {
    expect(
      refuse('need-privileges', { href: '/a/', privilege: [dav('bind'), dav('write-content')] }).body,
    ).toBe(
      '<d:need-privileges>' +
        '<d:resource><d:href>/a/</d:href><d:privilege><d:bind/></d:privilege></d:resource>' +
        '<d:resource><d:href>/a/</d:href><d:privilege><d:write-content/></d:privilege></d:resource>' +
        '</d:need-privileges>',
    )
  })
})
