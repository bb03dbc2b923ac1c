import fc from 'fast-check'
import type { CardVersion } from '../../../../protocol/vcard/convert.ts'

/** Lines of which cards are made; each has the same number of a kind in both versions, with values of its own. */
interface Piece {
  readonly three: readonly string[]
  readonly four: readonly string[]
}

function same(...lines: string[]): Piece {
  return { three: lines, four: lines }
}

/** Lines that every program has a field for. */
const common: readonly Piece[] = [
  same('TEL;TYPE=home:+1 555 010 01'),
  same('TEL;TYPE=CELL:(0)555-010-02'),
  same('TEL;TYPE=work,voice:+49 30 12345'),
  {
    three: ['TEL;TYPE=WORK;TYPE=FAX;TYPE=pref:1'],
    four: ['TEL;VALUE=uri;TYPE="work,fax";PREF=1:tel:+1-555-1'],
  },
  same('EMAIL;TYPE=HOME:Ann@Example.com'),
  same('EMAIL;TYPE=WORK:ann.work@example.org'),
  same('item1.EMAIL:lab@example.org', 'item1.X-ABLabel:Labor'),
  same('ADR;TYPE=HOME:;;Hauptstr. 1\\, Hof;Köln;;50667;Germany'),
  same('item7.ADR;TYPE=WORK:;;2 Elm St;Springfield;IL;62701;USA', 'item7.X-ABADR:us'),
  same('URL:https://example.com/ann'),
  same('item3.URL:https://example.com/b', 'item3.X-ABLabel:_$!<HomePage>!$_'),
  same('TITLE:Research\\, lead'),
  same('ORG:Example Ltd;Research;Basic'),
  { three: ['BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29'], four: ['BDAY:--0229'] },
  { three: ['BDAY:1980-03-22'], four: ['BDAY:19800322'] },
  same('NICKNAME:Annie'),
  same('NOTE:Met at the fair\\; calls back.\\nTwice.'),
]

/** Lines that one kind or another has no place for. */
const rare: readonly Piece[] = [
  same('CATEGORIES:Friends,Work\\, old'),
  same('X-OWN;X-P=1:kept'),
  same('item9.X-OWN-DATE:2020-01-01', 'item9.X-ABLabel:Met'),
  { three: ['RELATED;TYPE=friend:urn:uuid:1'], four: ['RELATED;TYPE=friend:urn:uuid:1'] },
  {
    three: ['item5.X-ABRELATEDNAMES:Jo', 'item5.X-ABLabel:_$!<Spouse>!$_'],
    four: ['RELATED;VALUE=text;TYPE=spouse:Jo'],
  },
  same('SOURCE:https://example.com/ann.vcf'),
  { three: ['SORT-STRING:Doe'], four: ['X-SORT:Doe'] },
  { three: ['LABEL;TYPE=other:Elsewhere\\n1'], four: ['EXPERTISE;LEVEL=expert:chess'] },
  same('NOTE:Second note'),
  same('LANG:fr'),
  { three: ['GEO:37.1;-122.1'], four: ['GEO:geo:37.1,-122.1'] },
  same('KEY:https://example.com/key'),
  same('ROLE:Speaker'),
  same('EMAIL:fourth@example.net'),
  same('EMAIL:fifth@example.net'),
  { three: ['X-ANNIVERSARY:2010-06-12'], four: ['GENDER:F'] },
  { three: ['TEL;X-ALTID=4:5550199'], four: ['TEL;PROP-ID=P1;ALTID=4:5550199'] },
  same('LOGO:https://example.com/logo.png'),
]

export interface MadeCard {
  readonly version: CardVersion
  readonly text: string
}

/** A card of some of these lines, in some order, in either version. */
export const madeCard: fc.Arbitrary<MadeCard> = fc
  .record({
    version: fc.constantFrom<CardVersion>('3.0', '4.0'),
    pieces: fc.shuffledSubarray([...common, ...rare], { minLength: 3 }),
    end: fc.constantFrom('\r\n', '\r\n', '\n'),
  })
  .map(({ version, pieces, end }) => {
    const lines = withoutSecondBirthday(pieces).flatMap(({ three, four }) =>
      version === '3.0' ? three : four,
    )
    const name =
      version === '3.0' ? 'N:Doe;Ann;Mary Jane;Dr.;' : 'N;SORT-AS="Doe,Ann":Doe;Ann;Mary,Jane;Dr.;;;'
    const own = [`VERSION:${version}`, 'PRODID:-//Example//EN', 'UID:a-1', 'FN:Ann "Doe" of Example', name]
    return {
      version,
      text: ['BEGIN:VCARD', ...own, ...lines, 'REV:2020-01-01T00:00:00Z', 'END:VCARD', ''].join(end),
    }
  })

function withoutSecondBirthday(pieces: readonly Piece[]): readonly Piece[] {
  const first = pieces.find(({ four }) => four[0]?.startsWith('BDAY'))
  return pieces.filter((piece) => piece === first || !piece.four[0]?.startsWith('BDAY'))
}
