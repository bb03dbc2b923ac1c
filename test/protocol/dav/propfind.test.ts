import { describe, expect, it } from 'vitest'
import { dav } from '../../../protocol/dav/names.ts'
import { readMakeCollection, readPropertyUpdate } from '../../../protocol/dav/propertyupdate.ts'
import { readPropfind } from '../../../protocol/dav/propfind.ts'
import { refusalOf } from './refusals.ts'
import { body } from './xml.ts'

describe('RFC 4918 §9.1 PROPFIND bodies', () => {
  it('takes no body for allprop (MIN-16)', () => {
    expect(readPropfind(undefined)).toEqual({ kind: 'allprop', include: [] })
  })

  it('reads allprop with include, and propname', () => {
    const include = '<D:include><D:supported-live-property-set/><CS:getctag/></D:include>'
    expect(readPropfind(body(`<D:propfind><D:allprop/>${include}</D:propfind>`))).toEqual({
      kind: 'allprop',
      include: [dav('supported-live-property-set'), '{http://calendarserver.org/ns/}getctag'],
    })
    expect(readPropfind(body('<D:propfind><D:propname/></D:propfind>'))).toEqual({ kind: 'propname' })
  })

  it('reads the names asked for, each once, blanks and unknown elements passed over', () => {
    const request = readPropfind(
      body(
        '<D:propfind>\n <X xmlns="urn:x"/><D:prop>\n<D:getetag/> <D:owner/><D:getetag/><D:x-y/></D:prop></D:propfind>',
      ),
    )
    expect(request.kind === 'prop' && request.elements.map(({ name }) => name)).toEqual(
      ['getetag', 'owner', 'x-y'].map(dav),
    )
    expect(readPropfind(body('<D:propfind><D:prop/></D:propfind>'))).toEqual({ kind: 'prop', elements: [] })
  })

  it.each([
    '<D:propfind/>',
    '<D:propfind><D:unknown/></D:propfind>',
    '<D:propfind><prop/></D:propfind>',
    '<D:propfind><D:prop/><D:allprop/></D:propfind>',
    '<D:propfind><D:prop/><D:prop/></D:propfind>',
    '<D:propertyupdate/>',
    '<propfind><D:prop/></propfind>',
  ])('refuses %s with 400', (text) => {
    expect(refusalOf(() => readPropfind(body(text)))).toBe(400)
  })
})

describe('RFC 4918 §9.2 PROPPATCH bodies (IOS-07, MIN-21)', () => {
  it('keeps the steps in order, with their values', () => {
    const operations = readPropertyUpdate(
      body(
        '<D:propertyupdate xml:lang="de"><D:set><D:prop><D:displayname>A</D:displayname><x a="1">B</x></D:prop></D:set>' +
          '<D:remove><D:prop><x/></D:prop></D:remove><other/><D:set><D:prop><x>C</x></D:prop></D:set></D:propertyupdate>',
      ),
    )
    expect(operations.map(({ action, property }) => [action, property.name, property.children[0]])).toEqual([
      ['set', dav('displayname'), 'A'],
      ['set', 'x', 'B'],
      ['remove', 'x', undefined],
      ['set', 'x', 'C'],
    ])
    expect(operations[1]?.property).toMatchObject({ lang: 'de', attributes: new Map([['a', '1']]) })
  })

  it('takes empty steps', () => {
    expect(
      readPropertyUpdate(body('<D:propertyupdate><D:set><D:prop/></D:set><D:remove/></D:propertyupdate>')),
    ).toEqual([])
    expect(readPropertyUpdate(body('<D:propertyupdate/>'))).toEqual([])
  })

  it('refuses other bodies and none with 400', () => {
    expect(refusalOf(() => readPropertyUpdate(undefined))).toBe(400)
    expect(refusalOf(() => readPropertyUpdate(body('<D:propfind/>')))).toBe(400)
  })
})

describe('RFC 4791 §5.3.1, RFC 5689 §3 bodies that make collections (MIN-22, SEQ-03)', () => {
  const set = '<D:set><D:prop><D:displayname>Groceries</D:displayname></D:prop></D:set>'

  it.each(['C:mkcalendar', 'D:mkcol'])('%s', (name) => {
    const [operation, ...rest] = readMakeCollection(body(`<${name}>${set}</${name}>`))
    expect(rest).toEqual([])
    expect(operation).toMatchObject({
      action: 'set',
      property: { name: dav('displayname'), children: ['Groceries'] },
    })
  })

  it('needs no body', () => {
    expect(readMakeCollection(undefined)).toEqual([])
    expect(readMakeCollection(body('<C:mkcalendar/>'))).toEqual([])
  })

  it('refuses another body with 415, and removals with 400', () => {
    expect(refusalOf(() => readMakeCollection(body('<D:propfind/>')))).toBe(415)
    expect(refusalOf(() => readMakeCollection(body('<D:mkcol><D:remove/></D:mkcol>')))).toBe(400)
  })
})
