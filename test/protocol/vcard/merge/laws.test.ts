import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCard } from '../../../../protocol/vcard/card.ts'
import { readCardLines } from '../../../../protocol/vcard/convert/card-lines.ts'
import { type CardLine, type Lines, newLine } from '../../../../protocol/vcard/convert/line.ts'
import { instancesOf } from '../../../../protocol/vcard/merge/instances.ts'
import { holds, type MergeRules, mergeRules } from '../../../../protocol/vcard/merge/rules.ts'
import { saidBy } from '../../../../protocol/vcard/merge/values.ts'
import { mergeCard } from '../../../../protocol/vcard/merge.ts'
import { madeCard } from './cards.ts'
import { type Dialect, sentBy, servedTo, zoo } from './zoo.ts'

const runs = { numRuns: 300 }

function rulesFor({ kind }: Dialect): MergeRules {
  const rules = mergeRules.find((one) => one.kind === kind)
  if (!rules) throw new Error(`There are no rules for ${kind}.`)
  return rules
}

function linesOf(text: string): Lines {
  return readCardLines(text, readCard(text))
}

/** What a card says, without order and without what every program writes as it likes. */
function facts(text: string): readonly string[] {
  return instancesOf(linesOf(text))
    .filter(({ name }) => name !== 'PRODID' && name !== 'REV')
    .map(({ name, main, label }) => `${name} ${saidBy(main)} ${label ?? ''}`)
    .sort()
}

/** Lines that a user of the kind can edit. */
function editable(dialect: Dialect, served: string): readonly CardLine[] {
  const names = ['TEL', 'EMAIL', 'URL', 'ADR', 'TITLE', 'NICKNAME']
  const counts = new Map<string, number>()
  return linesOf(served).filter((line) => {
    counts.set(line.name, (counts.get(line.name) ?? 0) + 1)
    return names.includes(line.name) && holds(rulesFor(dialect), line) && (counts.get(line.name) ?? 0) <= 3
  })
}

const values: Readonly<Record<string, string>> = {
  TEL: '+44 20 7946 0000',
  EMAIL: 'new@example.net',
  URL: 'https://new.example',
  ADR: ';;New Street 9;Newtown;;12345;Norway',
  TITLE: 'New title',
  NICKNAME: 'New',
}

function replaced(line: CardLine, by: readonly CardLine[]): (lines: Lines) => Lines {
  return (lines) => {
    const at = lines.findIndex(
      ({ raw, name, value }) => raw === line.raw && name === line.name && value === line.value,
    )
    const group = lines[at]?.group
    const isGone = by.length === 0
    return lines.flatMap((one, index) =>
      index === at ? by : isGone && one.name === 'X-ABLABEL' && group && one.group === group ? [] : one,
    )
  }
}

describe.each(zoo)('RFC 6352 §6.3.2.3 protective merge for $kind', (dialect) => {
  const rules = rulesFor(dialect)

  it('put(get(card)) changes nothing', () => {
    fc.assert(
      fc.property(madeCard, ({ text }) => {
        const served = servedTo(dialect, text)
        expect(mergeCard({ stored: text, served, sent: sentBy(dialect, served), rules }).text).toBe(text)
      }),
      runs,
    )
  })

  it('never removes what was never shown', () => {
    fc.assert(
      fc.property(madeCard, fc.nat(), fc.nat(), ({ text }, hide, seed) => {
        const hidden = instancesOf(linesOf(text)).filter(
          ({ name }, at) => !/^(?:UID|FN|N|PRODID|REV|BDAY)$/.test(name) && (hide >> (at % 20)) % 2 === 1,
        )
        const raws = new Set(hidden.flatMap(({ main, riders }) => [main, ...riders]).map(({ raw }) => raw))
        const shown = linesOf(text).filter(({ raw }) => !raws.has(raw))
        const served = servedTo(
          dialect,
          ['BEGIN:VCARD\r\n', ...shown.map(({ raw }) => raw), 'END:VCARD\r\n'].join(''),
        )
        const own = editable(dialect, served)
        const line = own[seed % Math.max(own.length, 1)]
        const sent = sentBy(dialect, served, line ? replaced(line, []) : undefined)
        const merged = mergeCard({ stored: text, served, sent, rules }).text
        const left = linesOf(merged).map((one) => one.raw?.replace(/\r\n/g, '\n'))
        for (const raw of raws) expect(left).toContain(raw?.replace(/\r\n/g, '\n'))
      }),
      runs,
    )
  })

  it('keeps what the kind cannot hold, whatever else is taken away', () => {
    fc.assert(
      fc.property(madeCard, ({ text }) => {
        const served = servedTo(dialect, text)
        const sent = sentBy(dialect, served, (lines) =>
          lines.filter(({ name }) => /^(?:UID|FN|N|VERSION)$/.test(name)),
        )
        const merged = facts(servedTo(dialect, mergeCard({ stored: text, served, sent, rules }).text))
        const kept = instancesOf(linesOf(served)).filter(
          ({ main }) => !holds(rules, main) && main.name !== 'UID',
        )
        for (const { name, main, label } of kept) {
          if (name !== 'REV' && name !== 'PRODID')
            expect(merged).toContain(`${name} ${saidBy(main)} ${label ?? ''}`)
        }
      }),
      runs,
    )
  })

  it('takes away what its user has taken away', () => {
    fc.assert(
      fc.property(madeCard, fc.nat(), ({ text }, seed) => {
        const served = servedTo(dialect, text)
        const own = editable(dialect, served)
        const line = own[seed % Math.max(own.length, 1)]
        if (!line) return
        const sent = sentBy(dialect, served, replaced(line, []))
        const merged = mergeCard({ stored: text, served, sent, rules }).text
        const said = (one: string): number => linesOf(servedTo(dialect, one)).filter(sameAs(line)).length
        expect(said(merged)).toBe(said(text) - 1)
        expect(facts(servedTo(dialect, merged)).length).toBe(facts(served).length - 1)
      }),
      runs,
    )
  })

  it('changes what its user has changed, and adds what he has added', () => {
    fc.assert(
      fc.property(madeCard, fc.nat(), ({ text }, seed) => {
        const served = servedTo(dialect, text)
        const own = editable(dialect, served)
        const line = own[seed % Math.max(own.length, 1)]
        if (!line) return
        const { raw: _, ...plain } = line
        const edited = { ...plain, value: values[line.name] ?? '' }
        const sent = sentBy(dialect, served, (lines) => [
          ...replaced(line, [edited])(lines),
          newLine('TEL', '+33 1 23 45 67 89', [{ name: 'TYPE', values: ['home'] }]),
        ])
        const merged = mergeCard({ stored: text, served, sent, rules }).text
        const seen = linesOf(servedTo(dialect, merged))
        expect(seen.filter(sameAs(edited)).length).toBe(1)
        expect(seen.filter(sameAs(newLine('TEL', '+33123456789'))).length).toBe(1)
        expect(facts(servedTo(dialect, merged)).length).toBe(facts(served).length + 1)
      }),
      runs,
    )
  })

  it('gives the same card, whether the web has patched it before or after', () => {
    fc.assert(
      fc.property(madeCard, fc.nat(), ({ text }, seed) => {
        const patch = (card: string): string =>
          card
            .replace(/ROLE:Speaker/, 'ROLE:Chair')
            .replace(/X-OWN;X-P=1:kept/, 'X-OWN;X-P=1:patched')
            .replace(/(?<=\n)LANG:fr(\r?\n)/, '')
            .replace(/(?=END:VCARD)/, `X-WEB:added${card.includes('\r\n') ? '\r\n' : '\n'}`)
        const served = servedTo(dialect, text)
        const own = editable(dialect, served)
        const line = own[seed % Math.max(own.length, 1)]
        if (!line) return
        const { raw: _, ...plain } = line
        const by = seed % 2 === 0 ? [] : [{ ...plain, value: values[line.name] ?? '' }]
        const sent = sentBy(dialect, served, replaced(line, by))
        const webFirst = mergeCard({ stored: patch(text), served, sent, rules }).text
        const phoneFirst = patch(mergeCard({ stored: text, served, sent, rules }).text)
        expect(
          linesOf(webFirst)
            .map(({ raw }) => raw)
            .sort(),
        ).toEqual(
          linesOf(phoneFirst)
            .map(({ raw }) => raw)
            .sort(),
        )
      }),
      runs,
    )
  })

  it('is idempotent', () => {
    fc.assert(
      fc.property(madeCard, fc.nat(), ({ text }, seed) => {
        const served = servedTo(dialect, text)
        const own = editable(dialect, served)
        const line = own[seed % Math.max(own.length, 1)]
        const sent = sentBy(dialect, served, (lines) => [
          ...(line
            ? replaced(
                line,
                seed % 2 === 0 ? [] : [{ ...newLine(line.name, values[line.name] ?? '') }],
              )(lines)
            : lines),
          newLine('EMAIL', 'added@example.com', [{ name: 'TYPE', values: ['home'] }]),
        ])
        const once = mergeCard({ stored: text, served, sent, rules }).text
        expect(mergeCard({ stored: once, served, sent, rules }).text).toBe(once)
        const shown = servedTo(dialect, once)
        expect(mergeCard({ stored: once, served: shown, sent: sentBy(dialect, shown), rules }).text).toBe(
          once,
        )
      }),
      runs,
    )
  })
})

function sameAs(line: CardLine): (other: CardLine) => boolean {
  return (other) => other.name === line.name && saidBy(other) === saidBy(line)
}
