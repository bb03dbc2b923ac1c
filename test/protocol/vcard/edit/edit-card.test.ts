import { describe, expect, it } from 'vitest'
import { editCard, newCard } from '../../../../protocol/vcard/edit/edit-card.ts'
import { type CardEdit, NoSuchValueError } from '../../../../protocol/vcard/edit/edits.ts'
import { findLabelled, setLabelled } from '../../../../protocol/vcard/edit/labelled.ts'
import { readDetails } from '../../../../protocol/vcard/edit/read-details.ts'
import { validateCard } from '../../../../protocol/vcard/validate.ts'
import { fixture } from '../files.ts'
import { cardOf } from './cards.ts'

const whole = { time: '', text: '' }
const apple = fixture('apple-person.vcf')

function edited(card: string, ...edits: CardEdit[]): string {
  return editCard(card, edits, Date.UTC(2026, 0, 2, 3, 4, 5))
}

describe('a card that an iPhone wrote (ABK-07)', () => {
  it('is read with its labels, and Apple’s year for none', () => {
    const details = readDetails(apple)
    expect(details.birthday).toEqual({ year: null, month: 5, day: 1, ...whole })
    expect(details.phones.map(({ label, isBuiltIn }) => [label, isBuiltIn])).toEqual([
      ['', false],
      ['Sommarhus', false],
    ])
    expect(details.mails[1]).toMatchObject({ label: 'Other', isBuiltIn: true })
    expect(details.addresses[0]?.value).toMatchObject({ locality: 'Umeå', countryCode: 'se' })
    expect(details.related[0]).toMatchObject({ value: { name: 'Per Lindqvist' }, types: ['spouse'] })
    expect(details.others).toEqual(['X-ABUID'])
  })

  it('gets labels in groups of their own, and loses them with what they label', () => {
    const [phone] = readDetails(apple).phones
    const named = edited(apple, { op: 'change', list: 'phones', key: phone?.key ?? '', label: 'Boat' })
    expect(named).toContain(
      'item5.TEL;TYPE=CELL;TYPE=VOICE;TYPE=pref:+46 70 123 45 67\r\nitem5.X-ABLabel:Boat\r\n',
    )
    const key = readDetails(named).phones[0]?.key ?? ''
    const without = edited(named, { op: 'remove', list: 'phones', key })
    expect(without).not.toContain('item5')
    expect(without).toContain('item2.X-ABLabel:Sommarhus')
  })

  it('has its REV changed with an edit, and only then', () => {
    const titled = edited(apple, { op: 'employer', title: 'Chef' })
    expect(titled).toBe(
      apple.replace('TITLE:Forskare', 'TITLE:Chef').replace(/REV:.*Z/, 'REV:2026-01-02T03:04:05Z'),
    )
  })

  it('shows its name as it is made of other parts, where it was made of them', () => {
    expect(edited(apple, { op: 'name', parts: { family: 'Berg' } })).toContain('FN:Dr. Åsa Maria Berg\r\n')
    const own = apple.replace('FN:Dr. Åsa Maria Lindqvist', 'FN:Farmor')
    expect(edited(own, { op: 'name', parts: { family: 'Berg' } })).toContain('FN:Farmor\r\n')
    const both: CardEdit[] = [
      { op: 'text', property: 'fn', value: 'Åsa' },
      { op: 'name', parts: { family: 'Berg' } },
    ]
    expect(edited(apple, ...both)).toContain('FN:Åsa\r\n')
  })

  it('keeps the units of the organisation that an employer does not name', () => {
    const moved = edited(apple, { op: 'employer', org: 'Sydljus', title: 'Chef', role: 'Ledning' })
    expect(moved).toContain('ORG:Sydljus;Forskning\r\nTITLE:Chef\r\n')
    expect(readDetails(moved)).toMatchObject({
      orgs: [{ value: { name: 'Sydljus', units: ['Forskning'] } }],
      roles: [{ value: 'Ledning' }],
    })
    expect(readDetails(edited(moved, { op: 'employer', org: '', units: [], title: '' }))).toMatchObject({
      orgs: [],
      titles: [],
    })
  })

  it('names somebody related under Apple’s word, where there is one', () => {
    const kim = { name: 'Kim', uri: '' }
    const friend = editCard(apple, [{ op: 'add', list: 'related', value: kim, types: ['friend'] }])
    expect(friend).toContain('item5.X-ABRELATEDNAMES:Kim\r\nitem5.X-ABLabel:_$!<Friend>!$_\r\n')
    const [per, added] = readDetails(friend).related
    expect(editCard(friend, [{ op: 'remove', list: 'related', key: added?.key ?? '' }])).toBe(apple)
    const value = { name: 'Per Berg', uri: '' }
    const wed = editCard(apple, [{ op: 'change', list: 'related', key: per?.key ?? '', value }])
    expect(wed).toBe(apple.replace('type=pref:Per Lindqvist', 'TYPE=pref:Per Berg'))
  })

  it('holds dates without a year, and its anniversary where Apple’s programs and others look', () => {
    const date = { year: null, month: 2, day: 29, ...whole }
    const both = edited(apple, { op: 'date', property: 'anniversary', date })
    expect(both).toContain('X-ANNIVERSARY;X-APPLE-OMIT-YEAR=1604:1604-02-29\r\n')
    expect(both).toContain(
      'X-ABDATE;X-APPLE-OMIT-YEAR=1604:1604-02-29\r\nitem5.X-ABLabel:_$!<Anniversary>!$_\r\n',
    )
    expect(readDetails(both)).toMatchObject({ anniversary: date, dates: [] })
    const later = { ...date, year: 2004 }
    const moved = edited(both, { op: 'date', property: 'anniversary', date: later })
    expect(moved.match(/2004-02-29/g)).toHaveLength(2)
    expect(moved.match(/1604/g)).toHaveLength(2)
    const none = editCard(both, [{ op: 'date', property: 'anniversary', date: null }])
    expect(none.replace(/REV:.*/, '')).toBe(apple.replace(/REV:.*/, ''))
  })
})

describe('RFC 6350 a card of version 4.0', () => {
  const card = cardOf(
    '4.0',
    'TEL;VALUE=uri;TYPE=cell;PREF=1:tel:+1-2',
    'TEL;TYPE=home:3',
    'X-ODD;a=b:\\q\r\n  kept',
  )

  it('keeps numbers that are URIs as URIs, and prefers one of them', () => {
    const [cell, home] = readDetails(card).phones
    expect(cell?.value).toBe('+1-2')
    const now = edited(
      card,
      { op: 'change', list: 'phones', key: cell?.key ?? '', value: '+1-99', types: ['cell', 'work'] },
      { op: 'change', list: 'phones', key: home?.key ?? '', isPreferred: true },
    )
    expect(now).toBe(
      cardOf(
        '4.0',
        'TEL;VALUE=uri;TYPE=cell,work:tel:+1-99',
        'TEL;TYPE=home;PREF=1:3',
        'X-ODD;a=b:\\q\r\n  kept',
      ),
    )
  })

  it('has relations as texts with their types, and dates as the RFC writes them', () => {
    const date = { year: null, month: 5, day: 1, ...whole }
    const now = edited(
      card,
      { op: 'add', list: 'related', value: { name: 'Kim', uri: '' }, types: ['spouse'] },
      { op: 'add', list: 'dates', value: date, label: 'Contract' },
      { op: 'date', property: 'anniversary', date: { year: 2001, month: null, day: null, ...whole } },
      { op: 'kind', kind: 'org' },
    )
    expect(now).toContain(
      'RELATED;TYPE=spouse;VALUE=text:Kim\r\nitem1.X-ABDATE:--0501\r\nitem1.X-ABLabel:Contract\r\nANNIVERSARY:2001\r\nKIND:org\r\n',
    )
  })

  it('keeps the components of RFC 9554 that an edit does not name', () => {
    const named = card.replace('N:Lovelace;Ada;;;', 'N;JSCOMPS=";1":Lovelace;Ada;;;;Byron;III')
    expect(readDetails(named).name).toMatchObject({ family2: 'Byron', generation: 'III' })
    expect(edited(named, { op: 'name', parts: { given: 'Augusta' } })).toContain(
      'N:Lovelace;Augusta;;;;Byron;III\r\n',
    )
  })

  it('has a photo as a data: URI, and 3.0 in base64', () => {
    const photo = { mediaType: 'image/png', base64: 'iVBORw0KGgo=' }
    expect(edited(card, { op: 'photo', photo })).toContain('PHOTO:data:image/png;base64,iVBORw0KGgo=\r\n')
    const three = edited(cardOf('3.0', 'PHOTO;VALUE=uri;X-ABCROP-RECTANGLE=x:http://a/b'), {
      op: 'photo',
      photo,
    })
    expect(three).toContain('PHOTO;ENCODING=b;TYPE=PNG:iVBORw0KGgo=\r\n')
    expect(readDetails(three).photo).toEqual({ mediaType: 'image/png', uri: '' })
    expect(edited(three, { op: 'photo', photo: null })).toBe(cardOf('3.0'))
  })
})

describe('edits that name what is not there', () => {
  it('are refused, and so is a key of another list', () => {
    const card = cardOf('3.0', 'TEL:1')
    const key = readDetails(card).phones[0]?.key ?? ''
    const changed = card.replace('TEL:1', 'TEL:2')
    expect(() => edited(changed, { op: 'remove', list: 'phones', key })).toThrow(NoSuchValueError)
    expect(() => edited(card, { op: 'remove', list: 'mails', key })).toThrow(NoSuchValueError)
  })
})

describe('values under a label of one’s own', () => {
  it('are found in whatever case, set, and taken away with the label', () => {
    const card = cardOf('3.0', 'item1.URL:http://a', 'item1.X-ABLabel:Shop')
    expect(findLabelled(readDetails(card), 'urls', 'SHOP')?.value).toBe('http://a')
    expect(setLabelled(card, ['urls', 'shop'], 'http://b')).toBe(card.replace('http://a', 'http://b'))
    expect(setLabelled(card, ['urls', 'shop'], null)).toBe(cardOf('3.0'))
    const renewal = { year: 2030, month: 1, day: 1, ...whole }
    const dated = setLabelled(card, ['dates', 'Renewal'], renewal)
    expect(dated).toContain('item2.X-ABDATE:2030-01-01\r\nitem2.X-ABLabel:Renewal\r\n')
    expect(setLabelled(dated, ['dates', 'Renewal'], renewal)).toBe(dated)
  })

  it('in a group that others share leave these theirs', () => {
    const card = cardOf('3.0', 'g.TEL:1', 'g.EMAIL:a@b', 'g.X-ABLabel:Shop')
    const [mail] = readDetails(card).mails
    const now = edited(card, { op: 'change', list: 'mails', key: mail?.key ?? '', label: 'Boat' })
    expect(now).toBe(cardOf('3.0', 'g.TEL:1', 'item1.EMAIL:a@b', 'item1.X-ABLabel:Boat', 'g.X-ABLabel:Shop'))
    expect(edited(card, { op: 'remove', list: 'mails', key: mail?.key ?? '' })).toContain('g.X-ABLabel:Shop')
  })
})

describe('a card of which there was none', () => {
  it('has what RFC 2426 demands, whatever is known', () => {
    for (const version of ['3.0', '4.0'] as const) {
      const card = newCard('u', [{ op: 'add', list: 'mails', value: 'a@b' }], version)
      expect(validateCard(card)).toMatchObject({ version, uid: 'u' })
      expect(readDetails(card)).toMatchObject({ fn: 'a@b', name: { given: 'a@b' } })
      expect(
        readDetails(newCard('u', [{ op: 'name', parts: { given: 'Ann', family: 'B' } }], version)).fn,
      ).toBe('Ann B')
    }
    const company = newCard('u', [
      { op: 'kind', kind: 'org' },
      { op: 'employer', org: 'Shop; Ltd' },
    ])
    expect(company).toContain('FN:Shop\\; Ltd\r\nN:;;;;\r\nX-ABShowAs:COMPANY\r\nORG:Shop\\; Ltd\r\n')
  })
})
