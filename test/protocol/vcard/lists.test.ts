import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCard } from '../../../protocol/vcard/card.ts'
import { editCard } from '../../../protocol/vcard/edit/edit-card.ts'
import {
  changeCategories,
  changeMembers,
  editBesideMembers,
  memberKey,
  newGroupCard,
  readLists,
  withoutCategories,
} from '../../../protocol/vcard/lists.ts'

const limits = { labelsPerCard: 200, listMembers: 5_000 }

function card(...lines: string[]): string {
  return ['BEGIN:VCARD', 'VERSION:3.0', 'UID:u', 'FN:Ann', ...lines, 'END:VCARD', ''].join('\r\n')
}

function labelsOf(text: string): readonly string[] {
  const lists = readLists(readCard(text), limits)
  return lists.kind === 'person' ? lists.labels : []
}

const change = (text: string, adding: string[], without: string[] = []): string =>
  changeCategories(text, readCard(text), { adding, without: new Set(without) })

describe('RFC 6350 §6.7.1 the lists that a card names', () => {
  it('are read from every CATEGORIES line, whatever its group, case and parameters', () => {
    const text = card(
      'CATEGORIES:A,B\\, c',
      'item1.categories;LANGUAGE=en: A ,\\nD',
      'CATEGORIES:',
      'NOTE:CATEGORIES:x',
    )
    expect(labelsOf(text)).toEqual(['A', 'B, c', 'D'])
    expect(withoutCategories(text, readCard(text))).toBe(card('NOTE:CATEGORIES:x'))
  })

  it('are the same however accents are composed, and none where they are too long', () => {
    expect(labelsOf(card('CATEGORIES:e\u0301,é', `CATEGORIES:${'x'.repeat(501)}`))).toEqual(['é'])
  })

  it('change in their own line alone, which keeps its group, parameters and line end', () => {
    const other = 'CATEGORIES:Quite a long list of categories, which is folded\r\n  somewhere,Other'
    const text = card('item1.Categories;X-A="b;c":One,Two', 'item1.X-ABLabel:L', other)
    expect(change(text, ['Three;'], ['One'])).toBe(
      card('item1.Categories;X-A="b;c":Two,Three\\;', 'item1.X-ABLabel:L', other),
    )
    const unix = text.replaceAll('\r\n', '\n')
    expect(change(unix, ['Three;'], ['One'])).toBe(
      card('item1.Categories;X-A="b;c":Two,Three\\;', 'item1.X-ABLabel:L', other).replaceAll('\r\n', '\n'),
    )
  })

  it('go with their line, and come in one before the end', () => {
    const text = card('CATEGORIES:One', 'NOTE:n')
    expect(change(text, [], ['One'])).toBe(card('NOTE:n'))
    expect(change(card('NOTE:n'), ['One'])).toBe(card('NOTE:n', 'CATEGORIES:One'))
    expect(change(text, ['One'])).toBe(text)
  })

  it('are renamed where they stand, and not twice', () => {
    const renamed = { from: 'One', to: 'New' }
    const one = card('CATEGORIES:Zero,One,Two')
    expect(changeCategories(one, readCard(one), { renamed })).toBe(card('CATEGORIES:Zero,New,Two'))
    const two = card('CATEGORIES:One', 'CATEGORIES:New')
    expect(labelsOf(changeCategories(two, readCard(two), { renamed }))).toEqual(['New'])
  })

  it('law: adding and removing any names leaves the rest of any card as it is', () => {
    const label = fc
      .string({ minLength: 1, maxLength: 40, unit: 'grapheme' })
      .map((text) => text.trim().normalize('NFC'))
    const labels = fc.uniqueArray(
      label.filter((text) => text !== '' && !/[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]/.test(text)),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(labels, labels, (first, second) => {
        const plain = card('NOTE:n', 'item1.TEL:1')
        const text = change(plain, first)
        expect(labelsOf(text)).toEqual(first)
        expect(withoutCategories(text, readCard(text))).toBe(plain)
        const changed = change(text, second, first)
        expect(labelsOf(changed)).toEqual(second.filter((one) => !first.includes(one)))
        expect(change(changed, [], second)).toBe(plain)
      }),
    )
  })
})

describe('ABK-07, DVX-10 group cards', () => {
  it('are those of Apple and of 4.0, and no other kinds', () => {
    const members = [
      'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:a',
      'MEMBER:URN:UUID:b',
      'MEMBER:a',
      'MEMBER:mailto:x@y',
    ]
    for (const kind of ['X-ADDRESSBOOKSERVER-KIND:group', 'KIND:Group']) {
      expect(readLists(readCard(card(kind, ...members)), limits)).toEqual({
        kind: 'group',
        name: 'Ann',
        members: ['a', 'b', 'mailto:x@y'],
      })
    }
    expect(readLists(readCard(card('KIND:org', ...members)), limits).kind).toBe('person')
  })

  it('are named by FN, or else by N', () => {
    const text = newGroupCard('g', 'Team, north; \\ 🎉', []).replace(/^FN:.*\r\n/m, '')
    expect(readLists(readCard(text), limits)).toMatchObject({ name: 'Team, north; \\ 🎉' })
  })

  it('law: members come and go, and nothing else changes', () => {
    const key = fc.stringMatching(/^[A-Za-z0-9:@.-]{1,40}$/).filter((text) => memberKey(text) === text)
    const keys = fc.uniqueArray(key, { maxLength: 8 })
    fc.assert(
      fc.property(keys, keys, (first, second) => {
        const empty = newGroupCard('g', 'Team', [])
        const text = newGroupCard('g', 'Team', first)
        expect(readLists(readCard(text), limits)).toMatchObject({ members: first })
        const adding = second.filter((one) => !first.includes(one))
        const changed = changeMembers(text, readCard(text), { adding, without: new Set(first) })
        expect(readLists(readCard(changed), limits)).toMatchObject({ members: adding })
        expect(changeMembers(changed, readCard(changed), { adding: [], without: new Set(adding) })).toBe(
          empty,
        )
      }),
    )
  })

  it('law: an edit beside their members is that of the whole card, wherever these stand', () => {
    const member = fc.constantFrom('a', 'b', 'c').map((uid) => `X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:${uid}`)
    const other = fc.constantFrom(
      'NOTE:n',
      'N:Old;;;;',
      'REV:20260101T000000Z',
      'NOTE:X-ADDRESSBOOKSERVER-MEMBER:x',
    )
    const lines = fc.array(fc.oneof({ weight: 4, arbitrary: member }, other), { maxLength: 12 })
    fc.assert(
      fc.property(lines, (some) => {
        const text = card('X-ADDRESSBOOKSERVER-KIND:group', ...some)
        const edit = (seen: string): string =>
          editCard(
            seen,
            [
              { op: 'name', parts: { family: 'New' } },
              { op: 'text', property: 'fn', value: 'New' },
            ],
            1_800_000_000_000,
          )
        expect(editBesideMembers(text, readCard(text), edit)).toBe(edit(text))
      }),
    )
  })

  it('of very many members are edited at once', () => {
    const many = Array.from({ length: 20_000 }, (_, n) => `uid-${n}`)
    const text = newGroupCard('g', 'Old', many)
    let seen = 0
    const after = editBesideMembers(text, readCard(text), (some) => {
      seen = some.length
      return some.replaceAll('Old', 'New')
    })
    expect(seen).toBeLessThan(300)
    expect(after).toBe(newGroupCard('g', 'New', many))
  })

  it('are written with the properties that they have', () => {
    const four = card('KIND:group', 'MEMBER:urn:uuid:a', 'NOTE:n').replace('3.0', '4.0')
    expect(changeMembers(four, readCard(four), { adding: ['b'], without: new Set(['a']) })).toBe(
      four.replace('uuid:a', 'uuid:b'),
    )
  })
})
