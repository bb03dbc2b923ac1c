import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { caldav, cs, dav, ical, me, splitName } from '../../../protocol/dav/names.ts'
import { elements, type XmlElement } from '../../../protocol/dav/xml-read.ts'
import {
  element,
  escapeAttribute,
  escapeText,
  fixedDeclarations,
  hrefElement,
  serialize,
  tag,
} from '../../../protocol/dav/xml-write.ts'
import { xml } from './xml.ts'

describe('MIN-15 text in answers', () => {
  it('escapes markup and carriage returns, and leaves the rest alone', () => {
    expect(escapeText('a & <b> "c"\r\n\té😀')).toBe('a &amp; &lt;b&gt; "c"&#13;\n\té😀')
    expect(escapeText('plain é😀')).toBe('plain é😀')
  })

  it('leaves out what XML 1.0 does not allow (VDS-06)', () => {
    expect(escapeText('a\u0000b\u0008\u000bc\ufffe\uffffd\ud800e\udc00f\u007f')).toBe('abcdef\u007f')
    expect(escapeAttribute('a\u0001"b"\n\t\r\ud800')).toBe('a&quot;b&quot;&#10;&#9;&#13;')
  })

  it('gives back any text it may write', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const legal = text.replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
        const read = xml(`<a x="${escapeAttribute(text)}">${escapeText(text)}</a>`)
        expect(read.children.join('')).toBe(legal)
        expect(read.attributes.get('x')).toBe(legal)
      }),
      { numRuns: 1000, seed: 1 },
    )
  })
})

describe('RFC 4918 §14 names in answers', () => {
  it('uses the prefixes the root declares', () => {
    expect(tag(dav('prop'))).toEqual({ open: '<d:prop>', close: '</d:prop>', empty: '<d:prop/>' })
    expect([caldav('a'), cs('a'), ical('a')].map((name) => element(name))).toEqual([
      '<c:a/>',
      '<cs:a/>',
      '<ical:a/>',
    ])
    expect(fixedDeclarations).toContain(' xmlns:card="urn:ietf:params:xml:ns:carddav"')
  })

  it('declares other namespaces where they are', () => {
    expect(element(me('bulk'), 'x')).toBe('<x:bulk xmlns:x="http://me.com/_namespace/">x</x:bulk>')
    expect(element('{urn:"&}a')).toBe('<x:a xmlns:x="urn:&quot;&amp;"/>')
    expect(element('bare')).toBe('<bare/>')
  })

  it('escapes & in hrefs', () => {
    expect(hrefElement('/a&b/')).toBe('<d:href>/a&amp;b/</d:href>')
  })

  it('takes Clark names apart', () => {
    expect(splitName(dav('a'))).toEqual({ namespace: 'DAV:', local: 'a' })
    expect(splitName('{urn:{x}}a')).toEqual({ namespace: 'urn:{x}', local: 'a' })
    expect(splitName('a')).toEqual({ namespace: '', local: 'a' })
  })
})

describe('RFC 4918 §4.3 property values kept (IOS-07, MIN-21)', () => {
  const property = (text: string): XmlElement => {
    const [first] = elements(xml(`<D:prop xmlns:D="DAV:">${text}</D:prop>`))
    if (first === undefined) throw new Error('There is no property.')
    return first
  }

  it.each([
    '<calendar-color xmlns="http://apple.com/ns/ical/" symbolic-color="blue">#1BADF8FF</calendar-color>',
    '<x xmlns="urn:x" xmlns:y="urn:y" y:a="1" a="2"> <y:b/> <D:href> /x </D:href><c xmlns=""/></x>',
    '<x xmlns="urn:x" xml:lang="de">BEGIN:VALARM&#13;\nEND<b xml:lang="">x</b><c xml:lang="fr"/></x>',
    '<n0:x xmlns:n0="urn:x"><d:x xmlns:d="urn:d"/><a d="1"/></n0:x>',
    '<x xmlns="http://me.com/_namespace/"><![CDATA[<b>&amp;]]></x>',
  ])('%s', (text) => {
    const read = property(text)
    expect(xml(serialize(read))).toEqual(read)
  })

  it('keeps a language inherited from outside', () => {
    const [read] = elements(xml('<a xml:lang="sv"><b>x</b></a>'))
    expect(read && serialize(read)).toBe('<b xml:lang="sv">x</b>')
  })

  it('reads what it writes, for any element', () => {
    const letter = fc.constantFrom('a', 'b', 'é', '日')
    const local = fc.array(letter, { minLength: 1, maxLength: 3 }).map((letters) => letters.join(''))
    const namespace = fc.constantFrom(
      '',
      '{DAV:}',
      '{urn:ietf:params:xml:ns:caldav}',
      '{urn:x&"<>}',
      '{urn:y}',
    )
    const name = fc.tuple(namespace, local).map(([space, own]) => space + own)
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 10 })
      .map((value) => `${value}\r\n <&>"\t`.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, ''))
    const { node } = fc.letrec<{ node: XmlElement }>((tie) => ({
      node: fc.record({
        name,
        attributes: fc.array(fc.tuple(name, text), { maxLength: 3 }).map((pairs) => new Map(pairs)),
        children: fc
          .array(fc.oneof({ depthSize: 'small', withCrossShrink: true }, text, tie('node')), { maxLength: 4 })
          .map((nodes) =>
            nodes.filter((one, at) => typeof one !== 'string' || typeof nodes[at - 1] !== 'string'),
          ),
        lang: fc.constantFrom(undefined, 'de', 'x"&'),
      }),
    }))
    fc.assert(
      fc.property(node, (written) => {
        expect(xml(serialize(written))).toEqual(written)
      }),
      { numRuns: 500, seed: 1 },
    )
  })
})
