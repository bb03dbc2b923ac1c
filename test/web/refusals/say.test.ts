import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { problemOf, refuseInput } from '../../../src/api/problem.ts'
import { compileSentences, type Sentences } from '../../../src/web/refusals/match.ts'
import { type Catalogue, type Speech, sayRefusal, sayTold } from '../../../src/web/refusals/say.ts'
import { sizeIn } from '../../../src/web/ui/sizes.ts'

function speechOf(language: string): Speech {
  const url = new URL(`../../../src/web/refusals/texts/${language}.json`, import.meta.url)
  const catalogue = JSON.parse(readFileSync(url, 'utf8')) as Catalogue
  return { catalogue, sizeOf: (bytes) => sizeIn(language, bytes) }
}

function compiled(sentences: Sentences): (sentence: string) => string | undefined {
  const say = compileSentences(sentences)
  return (sentence) => say(sentence, (bytes) => sizeIn('en', bytes))
}

const german = speechOf('de')
const english = speechOf('en')
const said = (status: number, detail: string, catalogue = german): string =>
  sayRefusal(catalogue, status, { detail })

describe('a sentence is found again', () => {
  it('with what varies in its place, also where the order is another one', () => {
    const say = compiled({ 'Only {a} of {b} fit.': 'Von {b} passen nur {a}.' })
    expect(say('Only 3 of 12 fit.')).toBe('Von 12 passen nur 3.')
    expect(say('Only 3 of 12 fit')).toBeUndefined()
  })

  it('by what says most by itself', () => {
    const say = compiled({
      '{a}.': 'any',
      'There is no {a}.': 'none',
      'There is no {a} here.': 'none here',
    })
    expect(say('There is no cat here.')).toBe('none here')
    expect(say('There is no cat.')).toBe('none')
  })

  it('with sentences in it, but for what somebody wrote between quotation marks', () => {
    const say = compiled({
      'No: {why}.': 'Nein: {why}.',
      'It is "{a}".': 'Es ist „{a}“.',
      'too big.': 'zu groß.',
      big: 'groß',
    })
    expect(say('No: too big..')).toBe('Nein: zu groß.')
    expect(say('No: big.')).toBe('Nein: groß.')
    expect(say('It is "big".')).toBe('Es ist „big“.')
  })

  it('in a time that does not grow with the square of its length', () => {
    const say = compiled({ 'x{a}x{b}x{c}x{d}x{e}!': '{a}' })
    const before = performance.now()
    for (let turn = 0; turn < 200; turn += 1) say('x'.repeat(2_000))
    expect(performance.now() - before).toBeLessThan(1_000)
  })
})

describe('a refusal', () => {
  it('is said without the raw name of the field that it is about', () => {
    expect(said(422, 'other: nobody is related to himself')).toBe(
      'Niemand steht in einer Beziehung zu sich selbst.',
    )
    expect(said(422, 'other: nobody is related to himself', english)).toBe('Nobody is related to himself.')
  })

  it('keeps names and numbers as they are', () => {
    expect(said(409, 'There is a label "group" already.')).toBe('Ein Label „group“ gibt es schon.')
    expect(said(413, 'It may be done to 500 people at once at most.')).toBe(
      'Das geht für höchstens 500 Personen auf einmal.',
    )
  })

  it('says octets as sizes, in English too', () => {
    const refused = 'A file may have 5368709120 octets at most.'
    expect(said(413, refused)).toMatch(/^Die Datei ist zu groß: höchstens 5,4\sGB\.$/)
    expect(said(413, refused, english)).toBe('A file may have 5.4 GB at most.')
  })

  it('that nobody has translated is led in by its status', () => {
    expect(said(403, 'The moon is full.')).toBe('Das dürfen Sie nicht. Der Server sagt: „The moon is full.“')
    expect(said(418, 'The pot is short.')).toBe(
      'Der Server lehnt das ab. Der Server sagt: „The pot is short.“',
    )
    expect(said(403, 'The moon is full.', english)).toBe('The moon is full.')
  })

  it('that says no more than the name of a precondition is said by its status', () => {
    expect(said(403, 'need-privileges')).toBe('Das dürfen Sie nicht.')
    expect(said(500, '', english)).toBe('Something went wrong on the server.')
  })

  it('of a form names its fields as people do', () => {
    const form = z.object({
      name: z.string().min(1),
      email: z.email(),
      days: z.int().max(9),
      x: z.string().max(2),
    })
    const { error } = form.safeParse({ name: '', email: 'no', days: 12, x: 'long' })
    const refusal = problemOf(refuseInput('body', error?.issues ?? []))
    expect(sayRefusal(german, 422, refusal)).toBe(
      'Name: Das darf nicht leer sein. E-Mail: Das ist keine E-Mail-Adresse. Tage: Höchstens 9.',
    )
    expect(sayRefusal(english, 422, refusal)).toBe(
      'Name: It may not be empty. Mail: That is not a mail address. Days: It is 9 at most.',
    )
  })
})

describe('what zod writes', () => {
  const faults: readonly (readonly [schema: z.ZodType, value: unknown])[] = [
    ...([
      [z.string(), undefined],
      [z.string(), 1],
      [z.int(), 1.5],
      [z.number(), 'a'],
      [z.boolean(), 'a'],
    ] as const),
    ...([
      [z.string().min(3), 'a'],
      [z.string().max(1), 'ab'],
      [z.string().length(2), 'a'],
    ] as const),
    ...([
      [z.string().length(2), 'abc'],
      [z.array(z.int()).min(1), []],
      [z.array(z.int()).max(1), [1, 2]],
    ] as const),
    ...([
      [z.array(z.int()).min(2), []],
      [z.int().min(3), 1],
      [z.int().positive(), 0],
      [z.int(), 1e300],
    ] as const),
    ...([
      [z.number().max(3), 4],
      [z.number().lt(3), 4],
      [z.enum(['a', 'b']), 'c'],
      [z.literal('a'), 'b'],
    ] as const),
    ...([
      [z.email(), 'a'],
      [z.url(), 'a'],
      [z.uuid(), 'a'],
      [z.iso.date(), 'a'],
      [z.iso.datetime(), 'a'],
    ] as const),
    ...([
      [z.string().regex(/b/), 'a'],
      [z.string().startsWith('b'), 'a'],
      [z.object({}), []],
    ] as const),
    ...([
      [z.union([z.int(), z.string()]), null],
      [z.record(z.enum(['a']), z.int()), { b: 1 }],
    ] as const),
    [z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') })]), { kind: 'b' }],
    [z.strictObject({}), { b: 1 }],
  ]

  it.each([german, english])('is said in words', (catalogue) => {
    for (const [schema, value] of faults) {
      const { error } = schema.safeParse(value)
      const { errors } = problemOf(refuseInput('body', error?.issues ?? [])) as {
        errors: { detail: string }[]
      }
      for (const { detail } of errors) {
        expect(sayTold(catalogue, detail), detail).not.toBe(detail)
      }
    }
  })
})

describe('why something was not imported', () => {
  it('is said note by note', () => {
    expect(sayTold(german, 'converted from vCard 2.1, uid added')).toBe(
      'aus vCard 2.1 umgewandelt, UID ergänzt',
    )
    expect(sayTold(german, 'It is there already, as ada.vcf: the same email.')).toBe(
      'Es ist schon da, als ada.vcf, gleiches Merkmal: E-Mail.',
    )
  })
})
