import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskCard } from '../../../protocol/vcard/mask/mask-card.ts'
import { type Mask, readMask } from '../../../protocol/vcard/mask/rules.ts'
import { takeMask } from '../../../src/features/masks/edit-masks.ts'
import { runsOf } from '../../store.ts'
import { putCard } from '../birthdays/birthdays.ts'
import { type Account, useServer } from '../server.ts'
import { labelBook } from './books.ts'
import { changeMask, masked, sharedWith } from './masked.ts'

const server = useServer()

const masks: readonly (readonly string[])[] = [['NOTE'], ['TEL;TYPE=home'], ['NOTE', 'EMAIL'], ['TITLE']]
const names = ['a', 'b', 'c']
/** Each of them is hidden by one of the masks, or by none. */
const lines = [
  'NOTE:n',
  'TEL;TYPE=home:1',
  'TEL;TYPE=work:2',
  'EMAIL:e@example.org',
  'TITLE:t',
  'CATEGORIES:Lyon',
]

type Step =
  | { readonly kind: 'put'; readonly at: number; readonly have: number }
  | { readonly kind: 'delete'; readonly at: number }
  | { readonly kind: 'write'; readonly who: number; readonly at: number; readonly line: number }
  | { readonly kind: 'remove'; readonly who: number; readonly at: number }
  | { readonly kind: 'mask'; readonly mask: number }
  | { readonly kind: 'sync'; readonly who: number }

const at = fc.nat(names.length - 1)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('put' as const), at, have: fc.integer({ min: 8, max: 63 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), at }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      who: fc.nat(2),
      at,
      line: fc.nat(lines.length - 1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), who: fc.nat(2), at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('mask' as const), mask: fc.nat(masks.length - 1) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('sync' as const), who: fc.nat(2) }) },
)

/** Somebody with a copy of the owner's book on his phone. */
interface Phone {
  readonly account: Account
  readonly path: string
  /** What of a card he is to see; undefined where it is not in his book. */
  readonly sees: (text: string) => string | undefined
  token: string
  readonly cards: Map<string, string>
}

interface World {
  readonly owner: Account
  readonly phones: readonly Phone[]
  readonly mask: string
  hidden: readonly Mask[]
}

async function world(): Promise<World> {
  const [owner, plain, less, labelled] = await Promise.all([1, 2, 3, 4].map(() => server.account()))
  if (!owner || !plain || !less || !labelled) throw new Error('Not enough accounts.')
  const mask = await masked(server, { hide: masks[0] ?? [] }, less)
  const made: { hidden: readonly Mask[] } = { hidden: readAll(masks[0] ?? []) }
  const phone = (account: Account, path: string, sees: Phone['sees']): Phone => {
    return { account, path, sees, token: '', cards: new Map() }
  }
  const lyon = await labelBook(server, { viewer: labelled, owner, label: 'Lyon' }, { writeThrough: 'always' })
  const phones = [
    phone(plain, await sharedWith(owner, plain), (text) => text),
    phone(less, await sharedWith(owner, less), (text) => maskCard(text, made.hidden)),
    phone(labelled, lyon.path, (text) => (text.includes('CATEGORIES:Lyon') ? text : undefined)),
  ]
  return Object.assign(made, { owner, phones, mask })
}

function readAll(hide: readonly string[]): readonly Mask[] {
  const read = readMask({ hide })
  return 'wrong' in read ? [] : [read]
}

async function take(at: World, one: Exclude<Step, { kind: 'sync' }>): Promise<void> {
  const { owner, phones } = at
  if (one.kind === 'mask') {
    await changeMask(server, at.mask, { hide: masks[one.mask] ?? [] })
    at.hidden = readAll(masks[one.mask] ?? [])
  } else if (one.kind === 'put') {
    const name = names[one.at] ?? ''
    await putCard(
      owner,
      name,
      lines.filter((_, bit) => (one.have >> bit) % 2 === 1),
      `Jane ${name}`,
    )
  } else if (one.kind === 'delete') await owner.delete(`${owner.contacts}${names[one.at]}.vcf`)
  else {
    const phone = phones[one.who]
    if (!phone) return
    // Half of them write what they have from before.
    if (one.at !== 1) await sync(phone)
    const href = [...phone.cards.keys()][one.at % Math.max(phone.cards.size, 1)]
    if (href === undefined) return
    if (one.kind === 'remove') await phone.account.delete(href)
    else await writeFrom(at, phone, href, lines[one.line] ?? '')
  }
}

/** A phone adds a line to a card that it has, or takes it away; what it was not shown is there afterwards as before. */
async function writeFrom(
  { owner, phones, hidden }: World,
  phone: Phone,
  href: string,
  line: string,
): Promise<void> {
  const there = await phone.account.get(href)
  if (there.status !== 200) return
  const uid = /\r\nUID:(.*)\r\n/.exec(there.text)?.[1] ?? ''
  const path = `${owner.contacts}${uid}.vcf`
  const before = (await owner.get(path)).text
  const sent = there.text.includes(`${line}\r\n`)
    ? there.text.replace(`${line}\r\n`, '')
    : there.text.replace('END:VCARD', `${line}\r\nEND:VCARD`)
  const put = await phone.account.put(href, sent, { 'If-Match': there.headers.etag ?? '' })
  expect([204, 403]).toContain(put.status)
  const after = (await owner.get(path)).text
  if (phone === phones[1]) for (const one of hiddenLines(before, hidden)) expect(after).toContain(one)
  if (put.headers.etag !== undefined) expect((await phone.account.get(href)).text).toBe(sent)
}

function hiddenLines(text: string, hidden: readonly Mask[]): string[] {
  const seen = maskCard(text, hidden) ?? ''
  return text.split('\r\n').filter((line) => line !== '' && !seen.includes(line))
}

/** A phone keeps what it has by syncing; where its token is no good any more it starts afresh. */
async function sync(phone: Phone): Promise<void> {
  const { account, path, cards } = phone
  const found = await account.syncAll(path, phone.token).catch(async (error: unknown) => {
    if (!String(error).includes('valid-sync-token')) throw error
    cards.clear()
    return account.syncAll(path, '')
  })
  for (const href of found.removed) cards.delete(href)
  for (const href of found.changed) cards.set(href, (await account.get(href)).text)
  phone.token = found.token
}

async function expected({ owner }: World, { sees }: Phone): Promise<string[]> {
  const all: string[] = []
  for (const href of (await owner.syncAll(owner.contacts, '')).changed) {
    const seen = sees((await owner.get(href)).text)
    if (seen !== undefined) all.push(seen)
  }
  return all.sort()
}

describe('virtual books against a model', () => {
  it('are what their viewers may see of the cards, after any edits by anybody (RFC 6578)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 40, size: 'max' }), async (steps) => {
        const made = await world()
        for (const one of steps) {
          const phone = one.kind === 'sync' ? made.phones[one.who] : undefined
          if (one.kind !== 'sync') await take(made, one)
          else if (phone) await sync(phone)
        }
        for (const phone of made.phones) {
          await sync(phone)
          expect([...phone.cards.values()].sort(), phone.path).toEqual(await expected(made, phone))
        }
        await server.services.store.write((tx) =>
          takeMask(tx, made.mask, made.phones[1]?.account.name ?? '', { kind: 'job' }),
        )
      }),
      { numRuns: runsOf(12), seed: 8, endOnFailure: true },
    )
  })
})
