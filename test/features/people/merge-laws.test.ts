import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { factTables } from '../../../storage/people/fact-tables.ts'
import { useServer } from '../../dav/server.ts'
import { madeCard } from '../../protocol/vcard/merge/cards.ts'
import { runsOf } from '../../store.ts'
import { addFacts, merge, partyAt, stateOf, undo } from './merge-world.ts'

const server = useServer()

/** What is shared of people is tested with the books that it makes. */
const elsewhere = ['virtual_people', 'grants']

/** Cards of two people in one book, facts about both, and what is chosen. */
const worlds = fc.record({
  survivor: madeCard,
  loser: madeCard,
  facts: fc.tuple(
    fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 4 }),
    fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 4 }),
  ),
  choices: fc.dictionary(
    fc.constantFrom('FN', 'N', 'TEL', 'EMAIL', 'NOTE', 'CATEGORIES', 'ORG', 'X-OWN', 'ADR', 'NICKNAME'),
    fc.constantFrom('survivor', 'loser', 'both'),
    { noNullPrototype: true },
  ),
  inAllBooks: fc.boolean(),
})

describe('law: undoing a merge is as if there had been none', () => {
  it('cards, names, UIDs, octets, entity tags, facts, pairs and what is derived are as they were', async () => {
    const alice = await server.account()
    const filled = new Set<string>()
    await fc.assert(
      fc.asyncProperty(worlds, async ({ survivor, loser, facts, choices, inAllBooks }) => {
        const [first, second] = [`${alice.contacts}a.vcf`, `${alice.contacts}b.vcf`]
        const third = `${alice.contacts}c.vcf`
        await alice.put(first, survivor.text)
        await alice.put(second, loser.text.replace('UID:a-1', 'UID:b-1'))
        await alice.put(third, survivor.text.replace('UID:a-1', 'UID:c-1'))
        const [a, b, c] = [
          await partyAt(server, first),
          await partyAt(server, second),
          await partyAt(server, third),
        ]
        await addFacts(server, a, facts[0], [a, b, c])
        await addFacts(server, b, facts[1], [a, b, c])
        await addFacts(server, c, facts[1], [a, b, c])
        const before = await stateOf(server, alice)
        for (const [table, rows] of before.facts) if (rows.length > 0) filled.add(table)
        const { status, id } = await merge(alice, a, b, { choices, inAllBooks })
        expect(status).toBe(201)
        expect((await alice.get(second)).status).toBe(404)
        expect(await undo(alice, id)).toEqual({ status: 200, left: [] })
        expect(await stateOf(server, alice)).toEqual(before)
        for (const path of [first, second, third]) await alice.delete(path)
      }),
      { numRuns: runsOf(25), seed: 24 },
    )
    // Of a table that is new there are rows to be made in addFacts.
    const rest = factTables.map(({ table }) => table).filter((table) => !filled.has(table))
    expect(rest).toEqual(elsewhere)
  })
})
