import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { caldav, cs, dav, ical } from '../../../protocol/dav/names.ts'
import { child, children, elements, readXml, textOf, XmlError } from '../../../protocol/dav/xml-read.ts'
import { limits, xml } from './xml.ts'

const refused = (text: string | Uint8Array, asked = limits) => {
  try {
    readXml(typeof text === 'string' ? Buffer.from(text) : text, asked)
  } catch (error) {
    if (error instanceof XmlError) return error.reason
    throw error
  }
  return 'taken'
}

describe('RFC 4918 §8.2 XML of requests (MIN-16)', () => {
  it('reads a body without declaration, with leading blanks (VDS-04)', () => {
    expect(xml('\n   <propfind xmlns="DAV:"><prop/></propfind>').name).toBe(dav('propfind'))
    expect(xml('\r\n<?xml version="1.0"?>\n<propfind xmlns="DAV:"/>').name).toBe(dav('propfind'))
  })

  it('takes an empty body, or one of blanks, for none', () => {
    expect(readXml(Buffer.alloc(0), limits)).toBeUndefined()
    expect(readXml(Buffer.from(' \r\n\t'), limits)).toBeUndefined()
    expect(readXml(Buffer.from('\ufeff'), limits)).toBeUndefined()
  })

  it('reads what DAVx5 sends: default namespaces that change inside', () => {
    const root = xml(
      '<?xml version=\'1.0\' encoding=\'UTF-8\' ?><propfind xmlns="DAV:" xmlns:CAL="urn:ietf:params:xml:ns:caldav"><prop>' +
        '<displayname/><calendar-color xmlns="http://apple.com/ns/ical/"/><CAL:calendar-timezone/>' +
        '<source xmlns="http://calendarserver.org/ns/"/></prop></propfind>',
    )
    expect(elements(elements(root)[0] ?? root).map((node) => node.name)).toEqual([
      dav('displayname'),
      ical('calendar-color'),
      caldav('calendar-timezone'),
      cs('source'),
    ])
  })

  it('reads duplicate bindings and prefixes bound anew (MIN-16, TBA)', () => {
    const root = xml(
      '<propfind xmlns="DAV:" xmlns:D="DAV:"><D:prop xmlns:D="urn:x"><a xmlns=""/></D:prop></propfind>',
    )
    const [prop] = elements(root)
    expect(prop?.name).toBe('{urn:x}prop')
    expect(prop && elements(prop)[0]?.name).toBe('a')
  })

  it('skips comments and processing instructions, and joins the text around them', () => {
    const root = xml(
      '<?x y?><!-- a --><a>one<!-- <b> & --> <?pi <c> ?>two<![CDATA[ <three> &amp; ]]>four</a><!-- z -->',
    )
    expect(root.children).toEqual(['one two <three> &amp; four'])
  })

  it('keeps blanks and carriage returns written as references (IOS-07, SEQ-04)', () => {
    const root = xml('<a> BEGIN:VALARM&#13;\nACTION:NONE&#xD;\n<b/>\n</a>')
    expect(root.children[0]).toBe(' BEGIN:VALARM\r\nACTION:NONE\r\n')
    expect(root.children[2]).toBe('\n')
  })

  it('makes one line end of CR LF and CR written as they are', () => {
    expect(textOf(xml('<a>1\r\n2\r3</a>'))).toBe('1\n2\n3')
  })

  it('reads predefined entities and character references once', () => {
    expect(textOf(xml('<a>&amp;lt; &lt;&gt;&quot;&apos; &#x1F600;&#233;</a>'))).toBe('&lt; <>"\' 😀é')
  })

  it('gives attributes by plain or Clark name, normalised as XML 1.0 §3.3.3', () => {
    const root = xml(
      '<a xmlns:p="urn:p" x="1\n2&#10;3" p:x=\'"&lt;\' hasOwnProperty="y" xml:space="preserve"/>',
    )
    expect([...root.attributes]).toEqual([
      ['x', '1 2\n3'],
      ['{urn:p}x', '"<'],
      ['hasOwnProperty', 'y'],
      ['{http://www.w3.org/XML/1998/namespace}space', 'preserve'],
    ])
  })

  it('inherits xml:lang (RFC 4918 §4.3)', () => {
    const root = xml('<a xml:lang="de"><b/><b xml:lang="fr"><c/></b><b xml:lang=""/></a>')
    expect([root.lang, ...elements(root).map((node) => node.lang)]).toEqual(['de', 'de', 'fr', undefined])
    expect(root.attributes.size).toBe(0)
  })

  it('helps to find children and text', () => {
    const root = xml('<a xmlns="DAV:">x<href>1</href><b>y<href>2</href></b><href>3</href></a>')
    expect(child(root, dav('href'))?.children).toEqual(['1'])
    expect(child(root, dav('none'))).toBeUndefined()
    expect(children(root, dav('href')).map(textOf)).toEqual(['1', '3'])
    expect(textOf(root)).toBe('x1y23')
  })
})

describe('XML 1.0 §4.3.3 encodings', () => {
  const document = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?><a>é€</a>`

  it('reads UTF-8 with and without a byte order mark', () => {
    expect(textOf(xml(document('UTF-8')))).toBe('é€')
    expect(textOf(xml(`\ufeff${document('utf-8')}`))).toBe('é€')
  })

  it('reads UTF-16 of either order, with a mark or without', () => {
    const little = Buffer.from(document('utf-16'), 'utf16le')
    const marked = Buffer.from(`\ufeff${document('utf-16')}`, 'utf16le')
    for (const bytes of [little, marked, Buffer.from(little).swap16(), Buffer.from(marked).swap16()]) {
      const root = readXml(bytes, limits)
      expect(root && textOf(root)).toBe('é€')
    }
  })

  it('reads ISO-8859-1 and US-ASCII', () => {
    const latin = readXml(
      Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>', 'latin1'),
      limits,
    )
    expect(latin && textOf(latin)).toBe('é')
    expect(textOf(xml('<?xml version="1.0" encoding="us-ascii"?><a>e</a>'))).toBe('e')
  })

  it('passes over a declaration of UTF-16 in UTF-8, as Windows programs send', () => {
    expect(textOf(xml(document('utf-16')))).toBe('é€')
  })

  it('refuses unknown encodings and octets that are not of theirs', () => {
    expect(refused(document('ebcdic-cp-be'))).toBe('malformed')
    expect(refused(Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e]))).toBe('malformed')
    expect(refused(Buffer.from([0xfe, 0xff, 0x00, 0x3c, 0x00]))).toBe('malformed')
    expect(refused(Buffer.from([0xff, 0xfe, 0x3c, 0x00, 0x00, 0xd8]))).toBe('malformed')
  })
})

describe('RFC 4918 §8.2 XML that is refused', () => {
  it.each([
    'text',
    '<a>',
    '</a>',
    '<a></b>',
    '<a><b></a></b>',
    '<a/><b/>',
    '<a></a><b></b>',
    '<a/>text',
    '<a/>text<!-- -->',
    `<${'a'.repeat(100_000)}/>text`,
    `<a b="${"'".repeat(100_000)}"/>text`,
    '<a></a>text>',
    'text<a/>',
    '<a></a/>',
    '<a><b></c/></a>',
    '<a',
    '<a b="1',
    '<a b=1/>',
    '<a b/>',
    '<a b="1" b="2"/>',
    '<a b="<"/>',
    '<a b="&"/>',
    '<a>&</a>',
    '<a>& b</a>',
    '<a>&unknown;</a>',
    '<a>&amp</a>',
    '<a>&#0;</a>',
    '<a>&#xD800;</a>',
    '<a>&#x110000;</a>',
    '<a>&#99999999999;</a>',
    '<a>\u0001</a>',
    '<a>\uffff</a>',
    '<a><!-- </a>',
    '<a><![CDATA[ </a>',
    '<a/><!-- ',
    '<a><?pi </a>',
    '<1a/>',
    '< a/>',
    '<>',
    '<a><!ELEMENT b></a>',
    '<?xml version="1.0"?>',
    '<!-- only -->',
  ])('%s', (text) => {
    expect(refused(text)).toBe('malformed')
  })

  it.each([
    '<D:a/>',
    '<a D:b="1"/>',
    '<a><b xmlns:D="DAV:"/><D:c/></a>',
    '<a xmlns:D=""/>',
    '<a xmlns:xmlns="urn:x"/>',
    '<a xmlns:xml="urn:x"/>',
    '<a xmlns:x="http://www.w3.org/XML/1998/namespace"/>',
    '<:a/>',
    '<a:/>',
    '<a:b:c xmlns:a="urn:x"/>',
    '<a:1 xmlns:a="urn:x"/>',
    '<a xmlns:p="urn:x" xmlns:q="urn:x" p:b="1" q:b="2"/>',
  ])('Namespaces in XML: %s', (text) => {
    expect(refused(text)).toBe('malformed')
  })
})

describe('RFC 4918 §20.6 hostile XML', () => {
  it('refuses every document type, and so every entity bomb', () => {
    const bomb =
      '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>'
    expect(refused(bomb)).toBe('malformed')
    expect(refused('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>')).toBe('malformed')
    expect(refused('<!DOCTYPE a><a/>')).toBe('malformed')
    expect(refused('<a><!DOCTYPE a></a>')).toBe('malformed')
    expect(refused('<!doctype a><a/>')).toBe('malformed')
  })

  it('takes the words of one in text, CDATA and comments', () => {
    expect(textOf(xml('<a><!-- <!DOCTYPE a> --><![CDATA[<!DOCTYPE a>]]>&lt;!DOCTYPE</a>'))).toBe(
      '<!DOCTYPE a><!DOCTYPE',
    )
  })

  it('bounds size, depth and nodes', () => {
    const nested = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth)
    expect(refused(nested(50))).toBe('taken')
    expect(refused(nested(51))).toBe('too-large')
    expect(refused(nested(19_000))).toBe('too-large')
    expect(refused(`<a>${'<b/>'.repeat(19_999)}</a>`)).toBe('taken')
    expect(refused(`<a>${'<b/>'.repeat(20_000)}</a>`)).toBe('too-large')
    expect(refused(`<a>${'<!---->'.repeat(20_000)}</a>`)).toBe('too-large')
    expect(refused(' '.repeat(1_000_001))).toBe('too-large')
  })

  it('takes no longer than its size for input that invites going back', () => {
    const started = performance.now()
    const wide = { ...limits, maxNodes: 1_000_000, maxDepth: 1000 }
    for (const text of [
      `<a ${' '.repeat(900_000)}`,
      `<a>${'&'.repeat(900_000)}</a>`,
      `<a>${'<!--'.repeat(200_000)}`,
      `<a>${'<![CDATA['.repeat(100_000)}`,
      `<a b="${"'".repeat(900_000)}`,
      '<a>'.repeat(300_000),
      `<a>${']'.repeat(900_000)}</a>`,
      `<a ${Array.from({ length: 50_000 }, (_, n) => `b${n}=""`).join(' ')}/>`,
      `<a ${Array.from({ length: 20_000 }, (_, n) => `xmlns:b${n}="u"`).join(' ')}>${'<c xmlns:d="e"/>'.repeat(20_000)}</a>`,
      `<?xml ${'encoding='.repeat(100)}`,
      `<a/>${'<!-- -->'.repeat(50_000)}x`,
      `<a${'"'.repeat(900_000)}/>`,
    ]) {
      refused(text, wide)
    }
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  it('never throws anything but its own error, whatever the octets', () => {
    const fragments = fc.constantFrom(
      ...[
        '<',
        '>',
        '/',
        '</',
        '/>',
        '<a',
        '<D:a',
        ' xmlns:D="DAV:"',
        ' x="',
        '"',
        "'",
        '&',
        '&amp;',
        '&#',
        '&#x',
        ';',
        '=',
      ],
      ...[
        '<!--',
        '-->',
        '<![CDATA[',
        ']]>',
        '<?',
        '?>',
        '<?xml version="1.0"',
        ' encoding="',
        '<!DOCTYPE',
        '[',
        ']',
        ':',
      ],
      ...[
        'a',
        'xml',
        'constructor',
        '__proto__',
        'toString',
        '#text',
        ':@',
        '\ufeff',
        '\u0000',
        '\ud800',
        '\r\n',
        ' ',
        'é',
        '😀',
      ],
    )
    fc.assert(
      fc.property(fc.array(fragments, { maxLength: 40 }), (parts) => {
        refused(parts.join(''))
      }),
      { numRuns: 3000, seed: 1 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        refused(bytes)
      }),
      { numRuns: 1000, seed: 2 },
    )
  })

  it('never throws anything else for a real body with octets changed', () => {
    const real = Buffer.from(
      '<?xml version="1.0" encoding="utf-8"?><C:calendar-query xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:">' +
        '<D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name="VCALENDAR"/></C:filter></C:calendar-query>',
    )
    const change = fc.tuple(fc.nat(real.length - 1), fc.nat(255))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = Buffer.from(real)
        for (const [at, octet] of changes) bytes[at] = octet
        refused(bytes)
      }),
      { numRuns: 3000, seed: 3 },
    )
  })
})
