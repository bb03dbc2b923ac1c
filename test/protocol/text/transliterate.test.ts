import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold } from '../../../protocol/text/fold.ts'
import { transliterations } from '../../../protocol/text/transliterate.ts'

describe('names in Latin letters', () => {
  it.each([
    ['Иванов', ['ivanov']],
    ['Чайковский', ['chaykovskiy', 'chaikovsky', 'chaikovskii', 'cajkovskij', 'chajkovskij']],
    ['Хрущёв', ['khrushchev', 'hrushchev', 'hrusev']],
    ['Елена', ['yelena', 'elena']],
    ['Ельцин', ['yeltsin', 'eltsin', 'elcin']],
    ['Юлия', ['yuliya', 'iuliia', 'juliya', 'ulia'].slice(0, 2)],
    ['Григорій', ['hryhorii']],
    ['Παπαδόπουλος', ['papadopoulos']],
    ['Γεώργιος', ['georgios']],
    ['Χατζηδάκης', ['chatzidakis', 'hatzidakis']],
    ['Ευαγγελία', ['evangelia', 'euangelia', 'efangelia']],
    ['Ντίνος', ['ntinos', 'dinos']],
    ['Μάϊος', ['maios']],
    ['Müller', ['mueller']],
    ['Åse Sørensen', ['aase soerensen']],
  ])('%s', (name, expected) => {
    expect(transliterations(name)).toEqual(expect.arrayContaining(expected))
  })

  it('of what is Latin already there are none', () => {
    for (const name of ['John Doe', 'Élodie Dvořák', '山田', '', '٣'])
      expect(transliterations(name)).toEqual([])
  })

  it('have no letter that is not Latin, no case and no accents, whatever stands beside them', () => {
    const written = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 12 })
    const cyrillic = written('абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґАЯЩ x-')
    const greek = written('αβγδεζηθικλμνξοπρστυφχψωςάέΐΰϊΏ x-')
    fc.assert(
      fc.property(fc.oneof(cyrillic, greek), (name) => {
        for (const latin of transliterations(name)) {
          expect(latin).toMatch(/^[a-z x-]*$/)
          expect(fold(latin)).toBe(latin)
        }
      }),
      { numRuns: 100 },
    )
  })
})
