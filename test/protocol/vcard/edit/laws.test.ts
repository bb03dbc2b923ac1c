import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCard } from '../../../../protocol/vcard/card.ts'
import { hasTooManyParameters } from '../../../../protocol/vcard/convert/card-lines.ts'
import type { CardDetails, ListName, ListValues } from '../../../../protocol/vcard/edit/details.ts'
import { editCard } from '../../../../protocol/vcard/edit/edit-card.ts'
import type { CardEdit } from '../../../../protocol/vcard/edit/edits.ts'
import { readDetails } from '../../../../protocol/vcard/edit/read-details.ts'
import { splitCards } from '../../../../protocol/vcard/split.ts'
import { cardFiles } from '../files.ts'
import { listNames, said, sayAgain, someCard } from './cards.ts'

const numRuns = 40
const files = cardFiles().map(({ name, text }) => ({ name, cards: cardsIn(text) }))

function cardsIn(text: string): string[] {
  return [...splitCards(text, () => 'made')].flatMap((piece) => {
    if (piece.kind !== 'object') return []
    const card = readCard(piece.text)
    return /^[34]\.0$/.test(card.version ?? '') && !hasTooManyParameters(card) ? [piece.text] : []
  })
}

/** Every law holds of made cards and of those that people have. */
function holds(name: string, law: (card: string) => void): void {
  it(`${name}, for made cards`, () => {
    fc.assert(fc.property(someCard, law), { numRuns })
  })
  it.each(files)(`${name}, for $name`, ({ cards }) => {
    for (const card of cards.slice(0, 200)) law(card)
  })
}

const fresh: { readonly [L in ListName]: ListValues[L] } = {
  orgs: { name: 'New; Org', units: ['Unit, one'] },
  titles: 'Title; new',
  roles: 'Role',
  phones: '+44 20 7946 0000',
  mails: 'new@example.org',
  addresses: {
    postOfficeBox: '',
    extended: '',
    street: '1 New St\nBack',
    locality: 'Town; on sea',
    region: '',
    postalCode: 'N1',
    country: 'Sweden',
    countryCode: 'se',
  },
  urls: 'https://example.org/new,one',
  messengers: { service: 'Skype', address: 'skype:new' },
  profiles: { service: 'Mastodon', user: 'new', uri: 'https://example.org/@new' },
  dates: { year: 1999, month: 12, day: 31, time: '', text: '' },
  related: { name: 'New, Name', uri: '' },
  notes: 'First\nSecond; third',
  languages: 'fr',
  pronouns: 'they/them',
}

function added(list: ListName): CardEdit {
  const about = list === 'related' ? { label: 'Boat' } : { label: 'Boat', types: ['work'] }
  return { op: 'add', list, value: fresh[list], ...about } as CardEdit
}

function changed(list: ListName, key: string): CardEdit {
  return { op: 'change', list, key, value: fresh[list], label: 'Boat' } as CardEdit
}

/** Whole lines of a card, as they are written. */
function rawLines(text: string): string[] {
  return text.split(/\r*\n(?![ \t])/)
}

/** Lines of `before` that are not in `after`. */
function missing(before: string, after: string): string[] {
  const left = rawLines(after)
  return rawLines(before).filter((line) => {
    const at = left.indexOf(line)
    if (at !== -1) left.splice(at, 1)
    return at === -1
  })
}

function first(details: CardDetails): { list: ListName; key: string } | undefined {
  for (const list of listNames) {
    const value = details[list][0]
    if (value) return { list, key: value.key }
  }
  return undefined
}

describe('edits of a card are patches of its lines (law 6)', () => {
  holds('none changes no octet', (card) => {
    expect(editCard(card, [], 0)).toBe(card)
  })

  holds('saying what the card says changes no octet', (card) => {
    const details = readDetails(card)
    const { name, nicknames, birthday, anniversary, gender, categories, fn, timeZone, language } = details
    const edits: CardEdit[] = [
      ...sayAgain(details),
      { op: 'name', parts: name },
      { op: 'nicknames', values: nicknames },
      { op: 'gender', gender },
      { op: 'categories', values: categories },
      ...(birthday ? [{ op: 'date', property: 'birthday', date: birthday } as const] : []),
      ...(anniversary ? [{ op: 'date', property: 'anniversary', date: anniversary } as const] : []),
      ...(details.kind === 'group' ? [] : [{ op: 'kind', kind: details.kind } as const]),
      ...(fn === '' ? [] : [{ op: 'text', property: 'fn', value: fn } as const]),
      ...(timeZone === '' ? [] : [{ op: 'text', property: 'timeZone', value: timeZone } as const]),
      ...(language === '' ? [] : [{ op: 'text', property: 'language', value: language } as const]),
    ]
    expect(editCard(card, edits, 0)).toBe(card)
  })

  holds(
    'what is added is there, and nothing else is touched; taken away again, the card is as it was',
    (card) => {
      const before = readDetails(card)
      for (const list of listNames) {
        const edited = editCard(card, [added(list)])
        expect(missing(card, edited)).toEqual([])
        const now = readDetails(edited)[list].filter(
          ({ key }) => !before[list].some((value) => value.key === key),
        )
        expect(now.map(({ value, label, types }) => ({ value, label, types }))).toEqual([
          { value: fresh[list], label: 'Boat', types: list === 'related' ? ['boat'] : ['work'] },
        ])
        const [value] = now
        if (value) expect(editCard(edited, [{ op: 'remove', list, key: value.key }])).toBe(card)
      }
    },
  )

  holds(
    'a changed value is shown, touches its own lines alone, and changed back all is said as before',
    (card) => {
      const before = readDetails(card)
      const found = first(before)
      if (found === undefined) return
      const { list, key } = found
      const edited = editCard(card, [changed(list, key)])
      const at = before[list].findIndex((value) => value.key === key)
      const now = readDetails(edited)
      const after = now[list].find(({ key: other }) => !before[list].some((value) => value.key === other))
      const old = before[list][at]
      if (after === undefined || old === undefined) {
        // It is what the card said already.
        expect(said(now)).toEqual(said(before))
        return
      }
      expect(after).toMatchObject({ value: fresh[list], label: 'Boat' })
      expect(missing(card, edited).length).toBeLessThanOrEqual(3)
      const back = { op: 'change', list, ...old, key: after.key } as CardEdit
      expect(said(readDetails(editCard(edited, [back])))).toEqual(said(before))
    },
  )

  holds('other values keep their keys', (card) => {
    const before = readDetails(card)
    const found = first(before)
    // Of two equal lines the second is told by its number.
    if (found === undefined || listNames.some((list) => before[list].some(({ key }) => /-2$/.test(key))))
      return
    const now = readDetails(editCard(card, [{ op: 'remove', ...found }]))
    for (const list of listNames) {
      const keys = before[list].map(({ key }) => key).filter((key) => key !== found.key)
      expect(new Set(now[list].map(({ key }) => key))).toEqual(new Set(keys))
    }
  })
})
