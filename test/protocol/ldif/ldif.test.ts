import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cardOfEntry, foldDn } from '../../../protocol/ldif/card.ts'
import { readEntries } from '../../../protocol/ldif/entries.ts'
import { writeDraft } from '../../../protocol/vcard/edit/draft.ts'

const read = (text: string) => [...readEntries([text])]

function cards(text: string): string[] {
  return read(text).map((record) => {
    if (record.kind === 'refused') return `refused ${record.line} ${record.reason}`
    const card = cardOfEntry(record, (dn) => `<${foldDn(dn)}>`)
    if (card.kind === 'other') return `other ${record.line}`
    const lines = writeDraft(card.draft, 'u').replace(/\r\n /g, '').split('\r\n')
    return lines.filter((line) => !/^(?:BEGIN|END|VERSION|PRODID|UID)[:;]|^$/.test(line)).join('\n')
  })
}

describe('RFC 2849 records', () => {
  it('have folds, comments, base64, options, and lines of any end', () => {
    const text = [
      'version: 1',
      '# a comment',
      ' that goes on',
      'dn:: Y249Sm9zw6k=',
      'cn;lang-es:: Sm9zw6k=',
      'descrip',
      ' tion:long ',
      '  text',
      'photo:< file:///etc/passwd',
      '',
      '',
      'dn: cn=b',
      'cn: b',
    ].join('\r\n')
    expect(read(text)).toMatchObject([
      {
        kind: 'entry',
        line: 4,
        dn: 'cn=José',
        values: [
          { attribute: 'cn', text: 'José' },
          { attribute: 'description', text: 'long  text' },
        ],
      },
      { kind: 'entry', line: 12, dn: 'cn=b' },
    ])
  })

  it('that change a directory are refused, but for those that add', () => {
    expect(
      read('dn: cn=a\nchangetype: delete\n\ndn: cn=b\nchangetype: add\ncn: b\n\nfoo: bar\n'),
    ).toMatchObject([
      { kind: 'refused', line: 1 },
      { kind: 'entry', values: [{ attribute: 'cn' }] },
      { kind: 'refused', line: 8 },
    ])
  })

  it('come out the same however the text is cut (random)', () => {
    const text = 'dn: cn=a\r\ncn: a\r\n b\r\n\r\ndn: cn=c\rcn: d\r\rdn: cn=e\ncn:: Zg==\n\n'
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), (size) => {
        const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
          text.slice(at * size, (at + 1) * size),
        )
        expect([...readEntries(chunks)]).toEqual(read(text))
      }),
    )
  })
})

describe('entries as cards (RFC 2798, RFC 4519, Thunderbird)', () => {
  it('of Thunderbird', () => {
    expect(
      cards(
        [
          'dn: cn=Ada,mail=a@example.org',
          'objectclass: mozillaAbPersonAlpha',
          'givenName: Ada',
          'sn: Lovelace',
          'cn: Ada Lovelace',
          'mail: a@example.org',
          'mozillaSecondEmail: b@example.org',
          'mozillaHomeStreet: 1 Road',
          'mozillaHomeLocalityName: London',
          'birthyear: 1815',
          'birthmonth: 12',
          'birthday: 10',
          'mozillaCustom1: one',
        ].join('\n'),
      ),
    ).toEqual([
      [
        'FN:Ada Lovelace',
        'N:Lovelace;Ada;;;',
        'X-IMPORTED;X-FIELD=mozillacustom1:one',
        'EMAIL;TYPE=INTERNET:a@example.org',
        'EMAIL;TYPE=INTERNET:b@example.org',
        'ADR;TYPE=HOME:;;1 Road;London;;;',
        'BDAY:1815-12-10',
      ].join('\n'),
    ])
  })

  it('of OpenLDAP: a photo, an address with dollars, a manager by name, never a password', () => {
    expect(
      cards(
        [
          'dn: uid=fry,ou=people',
          'objectClass: inetOrgPerson',
          'cn: Philip Fry',
          'sn: Fry',
          'userPassword:: c2VjcmV0',
          'jpegPhoto:: /9j/4AA=',
          'postalAddress: 1 Road $ New New York',
          'manager: cn=Turanga Leela,ou=people',
          'mobile: 1',
          'mobile: 2',
        ].join('\n'),
      ),
    ).toEqual([
      [
        'FN:Philip Fry',
        'N:Fry;;;;',
        'ADR;TYPE=WORK:;;1 Road\\nNew New York;;;;',
        'item1.X-ABRELATEDNAMES:Turanga Leela',
        'item1.X-ABLabel:_$!<Manager>!$_',
        'TEL;TYPE=CELL:1',
        'TEL;TYPE=CELL:2',
        'PHOTO;TYPE=JPEG;ENCODING=b:/9j/4AA=',
      ].join('\n'),
    ])
  })

  it('groups have their members by name of entry, other entries are none (ABK-07)', () => {
    const text = [
      'dn: cn=crew,ou=people',
      'objectclass: groupOfNames',
      'cn: crew',
      'member: CN=Philip Fry, ou=people',
      '',
      'dn: ou=people',
      'objectclass: organizationalUnit',
    ].join('\n')
    expect(cards(text)).toEqual([
      [
        'FN:crew',
        'N:;crew;;;',
        'X-ADDRESSBOOKSERVER-KIND:group',
        'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:<cn=philip fry,ou=people>',
      ].join('\n'),
      'other 6',
    ])
  })
})
