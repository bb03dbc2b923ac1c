import { describe, expect, it } from 'vitest'
import { mergeRules } from '../../../../protocol/vcard/merge/rules.ts'
import { mergeCard } from '../../../../protocol/vcard/merge.ts'
import { documentOf } from './document.ts'

function card(...lines: string[]): string {
  return ['BEGIN:VCARD', 'VERSION:3.0', 'FN:F', 'N:;F;;;', 'UID:1', ...lines, 'END:VCARD', ''].join('\r\n')
}

function card4(...lines: string[]): string {
  return ['BEGIN:VCARD', 'VERSION:4.0', 'FN:F', 'UID:1', ...lines, 'END:VCARD', ''].join('\r\n')
}

/** What the card is after a client of the kind was served it, and sent the other. */
function merged(kind: string, stored: string, sent: string, served = stored): string {
  const rules = mergeRules.find((one) => one.kind === kind)
  if (!rules) throw new Error('There are no rules.')
  return mergeCard({ stored, served, sent, rules }).text
}

describe('the table of rules', () => {
  it('is what its document says', async () => {
    const path = new URL('../../../../protocol/vcard/merge/README.md', import.meta.url)
    await expect(documentOf(mergeRules)).toMatchFileSnapshot(path.pathname)
  })
})

describe('RFC 6352 §6.3.2.3 known rewrites are no edits', () => {
  it.each([
    [
      'items counted anew (ABK-07)',
      ['a.URL:http://a', 'a.X-ABLabel:Own'],
      ['item1.URL:http://a', 'item1.X-ABLabel:Own'],
    ],
    [
      'pref on the first',
      ['TEL;TYPE=HOME:1', 'TEL:2'],
      ['TEL;type=HOME;type=VOICE;type=pref:1', 'TEL;type=VOICE:2'],
    ],
    ['INTERNET and the case of types', ['EMAIL;TYPE=home:a@b'], ['EMAIL;type=INTERNET;type=HOME:a@b']],
    ['spacing in numbers', ['TEL:+1 (555) 12-34'], ['TEL:+15551234']],
    ['1604 with its mark', ['BDAY:1604-05-01'], ['BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-01']],
    ['1604 without its mark', ['BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-01'], ['BDAY:1604-05-01']],
    ['--MMDD as 1604', ['BDAY:--0501'], ['BDAY;VALUE=date:1604-05-01']],
    ['joined notes', ['NOTE:One', 'NOTE:Two\\nlines'], ['NOTE:One\\n\\n\\nTwo\\nlines']],
    ['X-ABADR', ['ADR:;;S;;;;'], ['item1.ADR:;;S;;;;', 'item1.X-ABADR:de']],
    ['order', ['TITLE:T', 'NOTE:N'], ['NOTE:N', 'TITLE:T']],
    ['folds and escapes', ['NOTE:one\\, two\\; three'], ['NOTE:one, two\r\n ; three']],
    ['Apple’s word for no label', ['EMAIL:a@b'], ['item1.EMAIL:a@b', 'item1.X-ABLabel:_$!<Other>!$_']],
    ['PRODID and REV', ['PRODID:a', 'REV:2020-01-01'], ['PRODID:b', 'REV:2021-01-01']],
    ['categories on one line', ['CATEGORIES:A', 'CATEGORIES:B\\, C'], ['CATEGORIES:B\\, C,A']],
    ['an empty line left out', ['NICKNAME:', 'TEL:1'], ['TEL:1']],
  ])('%s', (_, stored, sent) => {
    for (const kind of ['apple', 'davx5'])
      expect(merged(kind, card(...stored), card(...sent))).toBe(card(...stored))
  })

  it('FN made anew of N (ABK-07)', () => {
    const stored = card('TEL:1').replace('FN:F', 'FN:Boss').replace('N:;F;;;', 'N:Doe;Ann;;Dr.;')
    const sent = stored.replace('FN:Boss', 'FN:Dr. Ann Doe')
    expect(merged('apple', stored, sent)).toBe(stored)
    expect(merged('thunderbird', stored, sent)).toBe(sent)
    const married = sent.replaceAll('Doe', 'Roe')
    expect(merged('apple', stored, married)).toBe(married)
  })
})

describe('RFC 6352 §6.3.2.3 what a kind cannot hold stays', () => {
  it('a name keeps its components and parameters beyond those that Apple has (ABK-07)', () => {
    const stored = card4('N;SORT-AS=Doe;PROP-ID=N1:Doe;Ann;;;;Smith;III', 'ROLE:Chair', 'X-OWN:1')
    const served = card('ROLE:Chair').replace('N:;F;;;', 'N;X-SORT-AS=Doe:Doe;Ann;;;')
    const sent = card().replace('N:;F;;;', 'N:Roe;Ann;;;')
    expect(merged('apple', stored, sent, served)).toBe(stored.replace(':Doe;', ':Roe;'))
  })

  it('parameters stay with a value that is edited', () => {
    const stored = card4('TEL;PROP-ID=T1;ALTID=1;TYPE=home:+1 555')
    const sent = card4('TEL;TYPE=home:+1 666')
    expect(merged('davx5', stored, sent)).toBe(stored.replace('555', '666'))
    expect(merged('thunderbird', stored, sent)).toBe(sent)
  })

  it('the second note, the logo and the source (DVX)', () => {
    const stored = card4(
      'NOTE:One',
      'NOTE:Two',
      'SOURCE:http://a',
      'RELATED:urn:uuid:1',
      `LOGO:data:image/png;base64,${'A'.repeat(40_000)}`,
    )
    expect(merged('davx5', stored, card4('NOTE:One\\n\\n\\nTwo more'))).toBe(
      stored.replace('Two', 'Two more'),
    )
    expect(merged('davx5', stored, card4('NOTE:Two'))).toBe(stored.replace('NOTE:One\r\n', ''))
    expect(merged('davx5', stored, card4('NOTE:All new'))).toBe(stored.replace('One', 'All new'))
  })

  it('the fourth mail address (OCS)', () => {
    const stored = card('EMAIL:a@x', 'EMAIL:b@x', 'EMAIL:c@x', 'EMAIL:d@x', 'CATEGORIES:A')
    const sent = card('EMAIL:a@x', 'EMAIL:new@x', 'CATEGORIES:A')
    const after = merged('outlook', stored, sent)
    expect(after).toContain('EMAIL:d@x')
    expect(after).toContain('EMAIL:new@x')
    expect(after).not.toMatch(/EMAIL:[bc]@x/)
  })

  it('what a device was never shown, while it takes away what it was', () => {
    const stored = card('TEL:1', 'TEL;TYPE=CELL:2', 'CATEGORIES:VIP')
    expect(merged('thunderbird', stored, card(), card('TEL:1'))).toBe(
      card('TEL;TYPE=CELL:2', 'CATEGORIES:VIP'),
    )
  })

  it('an anniversary under its other name follows the one that was edited', () => {
    const lines = [
      'item1.X-ABDATE:2010-06-12',
      'item1.X-ABLabel:_$!<Anniversary>!$_',
      'X-ANNIVERSARY:2010-06-12',
    ]
    const stored = card(...lines)
    expect(merged('apple', stored, card(...lines.slice(0, 2)))).toBe(stored)
    expect(merged('apple', stored, card())).toBe(card())
    const [date = '', label = ''] = lines
    expect(merged('apple', stored, card(date.replace('2010', '2011'), label))).toBe(
      stored.replaceAll('2010-', '2011-'),
    )
  })
})

describe('RFC 6352 §6.3.2 edits take effect', () => {
  it('a label is changed, added and taken away', () => {
    const stored = card('item2.URL:http://a', 'item2.X-ABLabel:Own', 'TEL;TYPE=HOME:1')
    const relabelled = card('item1.URL:http://a', 'item1.X-ABLabel:Shop', 'TEL;TYPE=HOME:1')
    expect(merged('apple', stored, relabelled)).toBe(stored.replace('Own', 'Shop'))
    const labelled = card('item1.URL:http://a', 'item1.X-ABLabel:Own', 'item2.TEL:1', 'item2.X-ABLabel:Cabin')
    expect(merged('apple', stored, labelled)).toBe(
      card('item2.URL:http://a', 'item2.X-ABLabel:Own', 'item1.TEL:1', 'item1.X-ABLabel:Cabin'),
    )
    const bare = card('URL:http://a', 'TEL;TYPE=HOME:1')
    expect(merged('apple', stored, bare)).toBe(card('item2.URL:http://a', 'TEL;TYPE=HOME:1'))
  })

  it('another number is preferred', () => {
    const stored = card('TEL;TYPE=HOME;TYPE=pref:1', 'TEL;TYPE=CELL:2')
    const sent = card('TEL;type=HOME:1', 'TEL;type=CELL;type=pref:2')
    expect(merged('apple', stored, sent)).toBe(card('TEL;TYPE=HOME:1', 'TEL;TYPE=CELL,pref:2'))
  })

  it('a component of an address, while the web has changed another', () => {
    const served = card('ADR;TYPE=HOME:;;Old St 1;Town;;1;X')
    const sent = card('ADR;TYPE=HOME:;;New St 2;Town;;1;X')
    expect(merged('apple', card('ADR;TYPE=HOME:;;Old St 1;City;;1;X'), sent, served)).toBe(
      card('ADR;TYPE=HOME:;;New St 2;City;;1;X'),
    )
  })

  it('categories are added and taken away one by one', () => {
    const stored = card('CATEGORIES:A,B', 'CATEGORIES:C')
    expect(merged('davx5', stored, card('CATEGORIES:A,C,D'))).toBe(card('CATEGORIES:A', 'CATEGORIES:C,D'))
  })

  it('a new property has a group of its own, behind others of its name', () => {
    const stored = card('item1.URL:http://a', 'item1.X-ABLabel:Own', 'NOTE:n')
    const sent = card(
      'item1.URL:http://b',
      'item1.X-ABLabel:Shop',
      'item2.URL:http://a',
      'item2.X-ABLabel:Own',
      'NOTE:n',
    )
    expect(merged('apple', stored, sent)).toBe(
      card(
        'item1.URL:http://a',
        'item1.X-ABLabel:Own',
        'item2.URL:http://b',
        'item2.X-ABLabel:Shop',
        'NOTE:n',
      ),
    )
  })

  it('what the web took away meanwhile and a phone edited is there again; what both took away is gone', () => {
    const served = card('TEL;TYPE=HOME:1', 'TEL;TYPE=CELL:2')
    const stored = card('TEL;TYPE=CELL:2')
    expect(merged('apple', stored, card('TEL;type=HOME:11', 'TEL;type=CELL:2'), served)).toContain(':11')
    expect(merged('apple', stored, card('TEL;type=CELL:2'), served)).toBe(stored)
  })

  it('a 3.0 edit of a 4.0 card leaves all its other lines as they are', () => {
    const stored = card4(
      'BDAY:--0501',
      'item1.X-ABDATE:20100612',
      'item1.X-ABLabel:Met',
      'GENDER:F',
      'TEL;VALUE=uri;PREF=1:tel:+1-2',
      'IMPP:aim:a',
    )
    const served = card(
      'BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-01',
      'item1.X-ABDATE:2010-06-12',
      'item1.X-ABLabel:Met',
      'X-GENDER:F',
      'TEL;X-VALUE=uri;TYPE=pref:+1-2',
      'IMPP:aim:a',
    )
    const sent = card(
      'BDAY:1604-05-01',
      'item1.X-ABDATE:2010-06-12',
      'item1.X-ABLabel:Met',
      'TEL;type=pref:+1-2',
      'TITLE:T',
    )
    expect(merged('apple', stored, sent, served)).toBe(stored.replace('IMPP:aim:a\r\nEND', 'TITLE:T\r\nEND'))
  })

  it('a line that a conversion makes of others is edited with them', () => {
    const stored = card('X-AIM:jane', 'NOTE:n')
    const served = card4('N:;F;;;', 'IMPP;SERVICE-TYPE=AIM:aim:jane', 'NOTE:n')
    const after = merged('thunderbird', stored, card4('N:;F;;;', 'NOTE:n'), served)
    expect(after).toBe(card('NOTE:n'))
  })

  it('and others that it makes of the same lines stay', () => {
    const stored = card('X-AIM:jane', 'X-ICQ:5', 'NOTE:n')
    const im = ['IMPP;SERVICE-TYPE=AIM:aim:jane', 'IMPP;SERVICE-TYPE=ICQ:icq:5']
    const served = card4('N:;F;;;', ...im, 'NOTE:n')
    const after = merged('thunderbird', stored, served.replace('aim:jane', 'aim:joe'), served)
    expect(after).toContain('aim:joe')
    expect(after).toMatch(/ICQ:(?:icq:)?5/)
    expect(after).not.toContain('jane')
    expect(after).toContain('NOTE:n')
  })

  it('what the web edited meanwhile is not what a phone took away', () => {
    const served = card('TEL;TYPE=HOME:1', 'NOTE:n')
    const stored = card('TEL;TYPE=HOME:11', 'NOTE:n')
    expect(merged('apple', stored, card('NOTE:n'), served)).toBe(stored)
  })

  it('what cannot be read is stored as it was sent', () => {
    expect(merged('apple', 'rubbish', card('TEL:1'))).toBe(card('TEL:1'))
  })
})
