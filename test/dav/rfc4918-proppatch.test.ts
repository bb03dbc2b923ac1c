import { describe, expect, it } from 'vitest'
import { caldav, carddav, dav, ical } from '../../protocol/dav/names.ts'
import { children, elements, textOf } from '../../protocol/dav/xml-read.ts'
import { type Answer, type Client, type Headers, preconditionsOf, readMultistatus } from './client.ts'
import { card, event, lines } from './objects.ts'
import { useServer } from './server.ts'

const namespaces =
  'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:card="urn:ietf:params:xml:ns:carddav" xmlns:cs="http://calendarserver.org/ns/" xmlns:i="http://apple.com/ns/ical/" xmlns:e="urn:example"'
const set = (props: string): string => `<d:set><d:prop>${props}</d:prop></d:set>`
const remove = (props: string): string => `<d:remove><d:prop>${props}</d:prop></d:remove>`
const update = (steps: string): string => `<d:propertyupdate ${namespaces}>${steps}</d:propertyupdate>`

const proppatch = (client: Client, path: string, steps: string, headers: Headers = {}): Promise<Answer> =>
  client.request('PROPPATCH', path, { headers, body: update(steps) })

/** Statuses by name of a 207. */
function statuses(answer: Answer, href: string): Record<string, number> {
  expect(answer.status).toBe(207)
  const response = readMultistatus(answer).of(href)
  const codes = [200, 403, 424, 507]
  return Object.fromEntries(codes.flatMap((code) => response.namesWith(code).map((name) => [name, code])))
}

/** The octets between the tags of a property, as PROPFIND wrote them. */
async function textAt(client: Client, path: string, name: string): Promise<string | undefined> {
  return (await client.propfind(path, 0, [name])).of(path).text(name)
}

const timezone = (tzid: string): string =>
  lines([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Farley//Test//EN',
    'BEGIN:VTIMEZONE',
    `TZID:${tzid}`,
    'BEGIN:STANDARD',
    'DTSTART:19700101T000000',
    'TZOFFSETFROM:+0100',
    'TZOFFSETTO:+0100',
    'END:STANDARD',
    'END:VTIMEZONE',
    'END:VCALENDAR',
  ]).replaceAll('\r', '&#13;')

describe('RFC 4918 §9.2 PROPPATCH', () => {
  const server = useServer()

  it('names every property in one 200 propstat, and PROPFIND gives the values back (IOS-07, SEQ-04)', async () => {
    const alice = await server.account()
    const props = '<d:displayname>Work</d:displayname><i:calendar-order>7</i:calendar-order><e:a>1</e:a>'
    const answer = await proppatch(alice, alice.calendar, set(props))
    expect(readMultistatus(answer).of(alice.calendar).propstatLines).toEqual(['HTTP/1.1 200 OK'])
    const names = [dav('displayname'), ical('calendar-order'), '{urn:example}a']
    expect(statuses(answer, alice.calendar)).toEqual(Object.fromEntries(names.map((name) => [name, 200])))
    const got = (await alice.propfind(alice.calendar, 0, names)).of(alice.calendar)
    expect(names.map((name) => got.text(name))).toEqual(['Work', '7', '1'])
  })

  it('takes steps in their order (§9.2)', async () => {
    const alice = await server.account()
    await proppatch(alice, alice.contacts, set('<e:a>1</e:a>') + remove('<e:a/>') + set('<e:a>2</e:a>'))
    expect(await textAt(alice, alice.contacts, '{urn:example}a')).toBe('2')
    await proppatch(alice, alice.contacts, set('<e:a>3</e:a>') + remove('<e:a/>'))
    expect(await textAt(alice, alice.contacts, '{urn:example}a')).toBeUndefined()
  })

  it('is all or nothing: 403 for the protected one, 424 for the rest (IOS-19, MIN-21)', async () => {
    const alice = await server.account()
    const props = '<d:displayname>New</d:displayname><d:getetag>"x"</d:getetag><e:a>1</e:a>'
    const answer = await proppatch(alice, alice.calendar, set(props))
    expect(statuses(answer, alice.calendar)).toEqual({
      [dav('getetag')]: 403,
      [dav('displayname')]: 424,
      '{urn:example}a': 424,
    })
    expect(answer.text).toContain('<d:error><d:cannot-modify-protected-property/></d:error>')
    expect(await textAt(alice, alice.calendar, dav('displayname'))).toBe('Calendar')
    expect(await textAt(alice, alice.calendar, '{urn:example}a')).toBeUndefined()
  })

  it('refuses what only the server says, on every kind of resource, also by remove (§16)', async () => {
    const alice = await server.account()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    const names =
      'resourcetype getetag getcontentlength getlastmodified creationdate sync-token owner lockdiscovery'
    for (const href of [alice.calendars, alice.calendar, `${alice.calendar}a.ics`, alice.contacts]) {
      for (const name of names.split(' ')) {
        for (const step of [set(`<d:${name}>x</d:${name}>`), remove(`<d:${name}/>`)]) {
          const answer = await proppatch(alice, href, step)
          expect(statuses(answer, href), `${name} ${href}`).toEqual({ [dav(name)]: 403 })
        }
      }
    }
    const components =
      '<c:supported-calendar-component-set><c:comp name="VTODO"/></c:supported-calendar-component-set>'
    expect(
      Object.values(statuses(await proppatch(alice, alice.calendar, set(components)), alice.calendar)),
    ).toEqual([403])
  })

  it('is 404 on what is not there, and makes nothing (behaviours)', async () => {
    const alice = await server.account()
    for (const path of [
      `${alice.calendars}none/`,
      `${alice.calendar}none.ics`,
      `${alice.contacts}none.vcf`,
    ]) {
      expect((await proppatch(alice, path, set('<d:displayname>x</d:displayname>'))).status, path).toBe(404)
      expect((await alice.get(path)).status, path).toBe(404)
    }
  })

  it('removes what was never set, and takes empty steps (DFS-05, behaviours)', async () => {
    const alice = await server.account()
    const answer = await proppatch(alice, alice.calendar, remove('<e:never/><c:calendar-description/>'))
    expect(Object.values(statuses(answer, alice.calendar))).toEqual([200, 200])
    for (const steps of ['', set(''), remove(''), '<d:set/><d:remove/>']) {
      expect((await proppatch(alice, alice.calendar, steps)).status).toBe(207)
    }
  })

  it('refuses bodies that are none with 400', async () => {
    const alice = await server.account()
    for (const body of ['', '<d:propfind xmlns:d="DAV:"/>', 'x', '<propertyupdate/>']) {
      expect((await alice.request('PROPPATCH', alice.calendar, { body })).status, body).toBe(400)
    }
  })

  it('answers 200 without a body to return=minimal and Brief (RFC 8144 §2.1)', async () => {
    const alice = await server.account()
    for (const headers of [{ Prefer: 'return=minimal' }, { Brief: 't' }] as Headers[]) {
      const answer = await proppatch(alice, alice.calendar, set('<d:displayname>M</d:displayname>'), headers)
      expect([answer.status, answer.text, answer.headers['preference-applied']]).toEqual([
        200,
        '',
        'return=minimal',
      ])
      const refused = await proppatch(alice, alice.calendar, set('<d:getetag>x</d:getetag>'), headers)
      expect(refused.status).toBe(207)
    }
  })

  it('changes the home’s token and ctag, and not the collection’s or any ETag (MIN-28, law 5)', async () => {
    const alice = await server.account()
    const path = `${alice.contacts}a.vcf`
    await alice.put(path, card('a'))
    const token = (href: string) => textAt(alice, href, dav('sync-token'))
    const before = [
      await token(alice.books),
      await token(alice.contacts),
      await textAt(alice, path, dav('getetag')),
    ]
    await proppatch(alice, alice.contacts, set('<d:displayname>Friends</d:displayname>'))
    await proppatch(alice, path, set('<e:score>9</e:score>'))
    const after = [
      await token(alice.books),
      await token(alice.contacts),
      await textAt(alice, path, dav('getetag')),
    ]
    expect(after[0]).not.toBe(before[0])
    expect(after.slice(1)).toEqual(before.slice(1))
    expect(await textAt(alice, path, '{urn:example}score')).toBe('9')
  })

  it('obeys If-Match and If on collections and members (RFC 9110 §13, RFC 4918 §10.4)', async () => {
    const alice = await server.account()
    const path = `${alice.contacts}a.vcf`
    await alice.put(path, card('a'))
    for (const href of [path, alice.contacts]) {
      const etag = String((await alice.get(href)).headers.etag)
      const step = set('<e:b>1</e:b>')
      expect((await proppatch(alice, href, step, { 'If-Match': '"other"' })).status).toBe(412)
      expect((await proppatch(alice, href, step, { If: '(["other"])' })).status).toBe(412)
      expect((await proppatch(alice, href, step, { 'If-Match': etag, If: `([${etag}])` })).status).toBe(207)
    }
  })
})

describe('RFC 4918 §4 dead properties', () => {
  const server = useServer()
  const name = '{urn:example}p'

  it('keep their XML: attributes, nested namespaces, xml:lang, CDATA, whitespace (IOS-07, MIN-21)', async () => {
    const alice = await server.account()
    const value =
      '<e:p kind="a&amp;b&quot;" e:k="2" xml:lang="de">  one <x:y xmlns:x="urn:other" z="1"><![CDATA[<&>]]></x:y>\n\ttwo&#13;\n</e:p>'
    for (const href of [alice.calendars, alice.calendar, alice.contacts, alice.principal]) {
      expect((await proppatch(alice, href, set(value))).status, href).toBe(207)
      const got = (await alice.propfind(href, 0, [name])).of(href).props.get(name)
      expect(got?.attributes.get('kind')).toBe('a&b"')
      expect(got?.attributes.get('{urn:example}k')).toBe('2')
      expect(got?.lang).toBe('de')
      const [inner] = got ? elements(got) : []
      expect([inner?.name, inner?.attributes.get('z'), inner && textOf(inner)]).toEqual([
        '{urn:other}y',
        '1',
        '<&>',
      ])
      expect(got && textOf(got)).toBe('  one <&>\n\ttwo\r\n')
    }
  })

  it('keep an xml:lang that they inherit (§4.3)', async () => {
    const alice = await server.account()
    const body = `<d:propertyupdate ${namespaces} xml:lang="fr">${set('<e:p>oui</e:p>')}</d:propertyupdate>`
    await alice.request('PROPPATCH', alice.contacts, { body })
    expect((await alice.propfind(alice.contacts, 0, [name])).of(alice.contacts).props.get(name)?.lang).toBe(
      'fr',
    )
  })

  it('keep an Apple alarm with its line ends on the home (SEQ-04)', async () => {
    const alice = await server.account()
    const alarm = 'BEGIN:VALARM&#13;\nACTION:NONE&#13;\nEND:VALARM&#13;\n'
    await proppatch(
      alice,
      alice.calendars,
      set(`<c:default-alarm-vevent-datetime>${alarm}</c:default-alarm-vevent-datetime>`),
    )
    expect(await textAt(alice, alice.calendars, caldav('default-alarm-vevent-datetime'))).toBe(
      'BEGIN:VALARM\r\nACTION:NONE\r\nEND:VALARM\r\n',
    )
  })

  it('keep me-card with its href (ABK-04)', async () => {
    const alice = await server.account()
    const href = `${alice.contacts}me.vcf`
    await proppatch(alice, alice.books, set(`<cs:me-card><d:href>${href}</d:href></cs:me-card>`))
    const card = '{http://calendarserver.org/ns/}me-card'
    const got = (await alice.propfind(alice.books, 0, [card])).of(alice.books).props.get(card)
    expect(got && children(got, dav('href')).map(textOf)).toEqual([href])
  })

  it('are replaced and removed, and read in listings of Depth 1', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    await alice.put(`${alice.contacts}b.vcf`, card('b'))
    await proppatch(alice, `${alice.contacts}a.vcf`, set('<e:p>1</e:p>'))
    await proppatch(alice, `${alice.contacts}a.vcf`, set('<e:p>2</e:p>'))
    const listed = await alice.propfind(alice.contacts, 1, [name])
    expect(listed.responses.map(({ text }) => text(name))).toEqual([undefined, '2', undefined])
    await proppatch(alice, `${alice.contacts}a.vcf`, remove('<e:p/>'))
    expect(await textAt(alice, `${alice.contacts}a.vcf`, name)).toBeUndefined()
  })

  it('are limited in size and number, and nothing is stored beyond (issue 7)', async () => {
    const alice = await server.account()
    const { deadPropertyBytes, deadProperties } = server.settings.limits
    const big = await proppatch(
      alice,
      alice.contacts,
      set(`<e:p>${'x'.repeat(deadPropertyBytes)}</e:p><e:q>1</e:q>`),
    )
    expect(statuses(big, alice.contacts)).toEqual({ [name]: 507, '{urn:example}q': 424 })
    const many = Array.from({ length: deadProperties + 1 }, (_, n) => `<e:n${n}>1</e:n${n}>`).join('')
    expect((await proppatch(alice, alice.contacts, set(many))).status).toBe(507)
    expect(await textAt(alice, alice.contacts, '{urn:example}n0')).toBeUndefined()
  })
})

describe('RFC 4791 §5.2, Apple: live properties a client sets', () => {
  const server = useServer()

  it('keep colours as written, of seven and nine characters, with their attribute (IOS-08, MIN-20)', async () => {
    const alice = await server.account()
    for (const value of ['#1BADF8', '#1badf8FF']) {
      await proppatch(alice, alice.calendar, set(`<i:calendar-color>${value}</i:calendar-color>`))
      expect(await textAt(alice, alice.calendar, ical('calendar-color'))).toBe(value)
    }
    const color = ical('calendar-color')
    const colorOf = async () =>
      (await alice.propfind(alice.calendar, 0, [color])).of(alice.calendar).props.get(color)
    await proppatch(
      alice,
      alice.calendar,
      set('<i:calendar-color symbolic-color="blue">#1BADF8FF</i:calendar-color>'),
    )
    expect((await colorOf())?.attributes.get('symbolic-color')).toBe('blue')
    await proppatch(alice, alice.calendar, set('<i:calendar-color>#FF0000FF</i:calendar-color>'))
    const plain = await colorOf()
    expect([plain && textOf(plain), plain?.attributes.size]).toEqual(['#FF0000FF', 0])
  })

  it('never leave a collection without a name (OCS-02, TSK-01)', async () => {
    const alice = await server.account()
    for (const step of [
      set('<d:displayname/>'),
      set('<d:displayname xml:lang="en"/>'),
      remove('<d:displayname/>'),
    ]) {
      expect((await proppatch(alice, alice.contacts, step)).status).toBe(207)
      expect(await textAt(alice, alice.contacts, dav('displayname'))).toBe('contacts')
    }
  })

  it('keep descriptions and transparency (RFC 4791 §5.2.1, RFC 6352 §6.2.1, RFC 6638 §9.1)', async () => {
    const alice = await server.account()
    await proppatch(
      alice,
      alice.calendar,
      set('<c:calendar-description>Ä &lt;1&gt;</c:calendar-description>'),
    )
    expect(await textAt(alice, alice.calendar, caldav('calendar-description'))).toBe('Ä <1>')
    await proppatch(
      alice,
      alice.contacts,
      set('<card:addressbook-description>Friends</card:addressbook-description>'),
    )
    expect(await textAt(alice, alice.contacts, carddav('addressbook-description'))).toBe('Friends')
    const transp = caldav('schedule-calendar-transp')
    for (const value of ['transparent', 'opaque']) {
      await proppatch(
        alice,
        alice.calendar,
        set(`<c:schedule-calendar-transp><c:${value}/></c:schedule-calendar-transp>`),
      )
      const got = (await alice.propfind(alice.calendar, 0, [transp])).of(alice.calendar).props.get(transp)
      expect(got && elements(got).map((element) => element.name)).toEqual([caldav(value)])
    }
  })

  it('§5.2.2 checks calendar-timezone, and keeps its octets with their line ends', async () => {
    const alice = await server.account()
    const text = timezone('Europe/Berlin')
    const good = await proppatch(
      alice,
      alice.calendar,
      set(`<c:calendar-timezone>${text}</c:calendar-timezone>`),
    )
    expect(Object.values(statuses(good, alice.calendar))).toEqual([200])
    expect(await textAt(alice, alice.calendar, caldav('calendar-timezone'))).toBe(
      text.replaceAll('&#13;', '\r'),
    )
    expect(await textAt(alice, alice.calendar, caldav('calendar-timezone-id'))).toBe('Europe/Berlin')
    for (const bad of ['rubbish', event('a'), '']) {
      const props = `<c:calendar-timezone>${bad}</c:calendar-timezone><d:displayname>Z</d:displayname>`
      const answer = await proppatch(alice, alice.calendar, set(props))
      expect(statuses(answer, alice.calendar)).toEqual({
        [caldav('calendar-timezone')]: 403,
        [dav('displayname')]: 424,
      })
      expect(answer.text).toContain('<d:error><c:valid-calendar-data/></d:error>')
    }
    expect(await textAt(alice, alice.calendar, caldav('calendar-timezone'))).toContain('Europe/Berlin')
  })

  it('keep calendar-timezone-id in step with it (RFC 7809 §5.2)', async () => {
    const alice = await server.account()
    const id = caldav('calendar-timezone-id')
    await proppatch(
      alice,
      alice.calendar,
      set(`<c:calendar-timezone>${timezone('Europe/Berlin')}</c:calendar-timezone>`),
    )
    const unknown = await proppatch(
      alice,
      alice.calendar,
      set('<c:calendar-timezone-id>Mars/Base</c:calendar-timezone-id>'),
    )
    expect(unknown.text).toContain('<c:valid-timezone/>')
    expect(await textAt(alice, alice.calendar, id)).toBe('Europe/Berlin')
    await proppatch(
      alice,
      alice.calendar,
      set('<c:calendar-timezone-id>America/New_York</c:calendar-timezone-id>'),
    )
    expect(await textAt(alice, alice.calendar, id)).toBe('America/New_York')
    expect(await textAt(alice, alice.calendar, caldav('calendar-timezone'))).toMatch(
      /\r\nTZID:America\/New_York\r\n.*BYMONTH=11;BYDAY=1SU\r\n/s,
    )
    const both = `<c:calendar-timezone>${timezone('Asia/Tokyo')}</c:calendar-timezone><c:calendar-timezone-id>Asia/Tokyo</c:calendar-timezone-id>`
    await proppatch(alice, alice.calendar, set(both))
    expect(await textAt(alice, alice.calendar, id)).toBe('Asia/Tokyo')
    expect(await textAt(alice, alice.calendar, caldav('calendar-timezone'))).toContain('Asia/Tokyo')
    await proppatch(alice, alice.calendar, remove('<c:calendar-timezone/>'))
    expect(await textAt(alice, alice.calendar, id)).toBeUndefined()
    // An alias stays what the client calls the zone; its VTIMEZONE has the same name.
    for (const name of ['Asia/Kolkata', 'US/Eastern', 'Etc/GMT+2']) {
      await proppatch(alice, alice.calendar, set(`<c:calendar-timezone-id>${name}</c:calendar-timezone-id>`))
      expect(await textAt(alice, alice.calendar, id)).toBe(name)
      expect(await textAt(alice, alice.calendar, caldav('calendar-timezone'))).toContain(`TZID:${name}\r\n`)
    }
  })

  it('refuse on folders that keep nothing', async () => {
    const alice = await server.account()
    for (const href of ['/', '/dav/', '/dav/principals/', '/dav/calendars/']) {
      const answer = await proppatch(alice, href, set('<e:a>1</e:a>'))
      expect([answer.status, ...preconditionsOf(answer)], href).toEqual([403, dav('need-privileges')])
    }
  })
})
