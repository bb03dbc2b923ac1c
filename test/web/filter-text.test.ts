import i18next from 'i18next'
import { describe, expect, it } from 'vitest'
import { filterText } from '../../src/web/contacts/filter/filter-text.ts'
import de from '../../src/web/contacts/texts/de.json' with { type: 'json' }
import en from '../../src/web/contacts/texts/en.json' with { type: 'json' }
import { datesOf } from '../../src/web/ui/dates.ts'

const missing: string[] = []
const texts = i18next.createInstance()
await texts.init({
  resources: { en: { contacts: en }, de: { contacts: de } },
  saveMissing: true,
  missingKeyHandler: (_languages, _part, key) => missing.push(key),
})

const told = (filter: object, language = 'en'): string => {
  const t = texts.getFixedT(language, 'contacts')
  return filterText(filter, { t, language, dates: datesOf(language) })
}

const city = { field: 'city', op: 'is', text: 'Lyon' }

describe('a filter in words', () => {
  it('is told with all that joins its questions, however deep they stand', () => {
    expect(told(city)).toBe('City is “Lyon”')
    expect(told({ all: [{ any: [{ not: city }, { all: [] }] }, { field: 'photo' }] })).toBe(
      '(City is not “Lyon” or everybody) and Photo is there',
    )
    expect(told({ not: { any: [city, { field: 'owner', op: 'is', who: 'me' }] } }, 'de')).toBe(
      'nicht (Ort ist „Lyon“ oder Betreut von bin ich)',
    )
  })

  it.each([
    [{ field: 'last-contact', op: 'within', days: 30 }, 'Last contact in the last 30 days'],
    [{ field: 'birthday', op: 'within', days: 7 }, 'Birthday in the next 7 days'],
    [{ field: 'birthday', op: 'month', month: 3 }, 'Birthday in the month: March'],
    [{ field: 'changed', op: 'since', date: '2026-01-15' }, 'Changed since Jan 15, 2026'],
    [{ field: 'activity', kinds: ['call', 'visit'] }, 'Activity call and visit'],
    [{ field: 'meeting', op: 'within', days: 7 }, 'Meeting in the next 7 days'],
    [{ field: 'role', op: 'is', text: 'customer' }, 'Role is Customer'],
    [{ field: 'kind', kind: 'org' }, 'companies only'],
    [{ field: 'book', book: 'Work' }, 'in the address book Work'],
    [
      { field: 'works-at', organisation: 'Acme', withParts: true, when: 'ever' },
      /^works or worked at Acme or/,
    ],
    [{ field: 'works-at', organisation: '' }, 'works at …'],
    [{ field: 'not', not: { field: 'relation', to: 'Ann', type: 'friend' } }, 'not (knows Ann (friend))'],
    [{ field: 'custom', key: 'Size', op: 'at-least', value: 4 }, 'Size is at least 4'],
    [{ not: { field: 'custom', key: 'Paid', op: 'is', value: true } }, 'Paid is not yes'],
  ])('tells %j', (filter, text) => {
    expect(told(filter)).toMatch(text)
    expect(missing).toEqual([])
  })
})
