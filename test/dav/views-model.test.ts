import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { useShares } from '../features/shares.ts'
import { runsOf } from '../store.ts'
import { facesOf, facesWith } from './faces.ts'
import { event, todo } from './objects.ts'
import { type Account, useServer } from './server.ts'

/** An owner, a sharee who writes, one who reads, and one who sees blocks of time, against a small model of what each has to see. */
const server = useServer()
const shares = useShares(server)

const people = ['alice', 'bob', 'dave'] as const
/** What blocks of time must not show; names under a key are made of such letters too, so that short ones would be found. */
const hidden = /secret|Event|VALARM|(?:alice|bob|dave)s-\d/
type Person = (typeof people)[number]

/** An object, and whose alarms are on it. */
interface Thing {
  readonly uid: string
  readonly shape: Shape
  readonly summary: number
  readonly alarms: Readonly<Partial<Record<Person, number>>>
}

const shapes = ['busy', 'later', 'free', 'task'] as const
type Shape = (typeof shapes)[number]

const spot = fc.nat(3)
const operation = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      at: spot,
      shape: fc.constantFrom(...shapes),
      summary: fc.nat(2),
      alarm: fc.nat(3),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('alarm' as const),
      at: spot,
      who: fc.constantFrom('bob' as const, 'dave' as const),
      alarm: fc.nat(3),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      at: spot,
      summary: fc.nat(2),
      alarm: fc.nat(3),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('delete' as const),
      at: spot,
      who: fc.constantFrom('alice' as const, 'bob' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('move' as const), at: spot, to: spot }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('sync' as const),
      replica: fc.nat(2),
      limit: fc.integer({ min: 1, max: 4 }),
    }),
  },
)
type Operation = typeof operation extends fc.Arbitrary<infer O> ? O : never

const alarm = (who: Person, number: number | undefined): string[] =>
  number
    ? [
        'BEGIN:VALARM',
        'ACTION:DISPLAY',
        `TRIGGER:-PT${number}M`,
        `DESCRIPTION:${who}s-${number}`,
        'END:VALARM',
      ]
    : []

/** The object as a person has to see it. */
function textFor(who: Person, { uid, shape, summary, alarms }: Thing): string {
  const own = [`LOCATION:secret${summary}`, ...alarm(who, alarms[who])]
  if (shape === 'task') return todo(uid, ['DUE:20260115T100000Z', ...own])
  const hour = shape === 'later' ? 12 : 10
  const transp = shape === 'free' ? ['TRANSP:TRANSPARENT'] : []
  return event(uid, [`DTSTART:20260115T${hour}0000Z`, 'DURATION:PT1H', ...transp, ...own])
}

/** What a device of a sharee knows of a calendar. */
class Replica {
  token = ''
  readonly etags = new Map<string, string>()
  readonly account: Account
  readonly href: string
  constructor(account: Account, href: string) {
    this.account = account
    this.href = href
  }

  async pull(limit?: number): Promise<boolean> {
    const answer = await this.account.sync(this.href, this.token, limit)
    for (const one of answer.responses) {
      if (one.status === 404) {
        if (this.token === '') throw new Error('A first sync tells of what is gone.')
        this.etags.delete(one.href)
      } else if (one.status === undefined) this.etags.set(one.href, one.text(dav('getetag')) ?? '')
    }
    this.token = answer.syncToken ?? ''
    return answer.responses.some(({ status }) => status === 507)
  }

  async check(): Promise<void> {
    while (await this.pull());
    const { responses } = await this.account.propfind(this.href, 1, [dav('getetag')])
    const members = responses.filter(({ href }) => href !== this.href)
    expect(Object.fromEntries(this.etags)).toEqual(
      Object.fromEntries(members.map((one) => [one.href, one.text(dav('getetag'))])),
    )
  }
}

async function makeWorld() {
  const [alice, bob, dave, carol] = [
    await server.account(),
    await server.account(),
    await server.account(),
    await server.account(),
  ]
  const calendar = `${alice.calendars}all/`
  await alice.request('MKCALENDAR', calendar)
  const mount = async (account: Account, access: 'read-write' | 'read' | 'free-busy') => {
    await shares.share(calendar, account, access)
    return (await shares.accept(account))[0] ?? ''
  }
  const at = {
    alice: [alice, calendar],
    bob: [bob, await mount(bob, 'read-write')],
    dave: [dave, await mount(dave, 'read')],
  } as const
  const blocks = new Replica(carol, await mount(carol, 'free-busy'))
  return { at, blocks, replicas: [new Replica(...at.bob), new Replica(...at.dave), blocks] }
}

async function run(operations: readonly Operation[]): Promise<void> {
  const { at, blocks, replicas } = await makeWorld()
  const things = new Map<number, Thing>()
  let made = 0
  const put = async (who: Person, spotAt: number, thing: Thing): Promise<void> => {
    const [account, href] = at[who]
    const answer = await account.put(`${href}${spotAt}.ics`, textFor(who, thing))
    expect(answer.status).toBeLessThan(300)
    if (answer.headers.etag)
      expect((await account.get(`${href}${spotAt}.ics`)).text).toBe(textFor(who, thing))
    things.set(spotAt, thing)
  }
  for (const one of operations) {
    if (one.kind === 'sync') {
      await replicas[one.replica]?.pull(one.limit)
      continue
    }
    const known = things.get(one.at)
    if (one.kind === 'put') {
      const { shape, summary } = one
      const isOther = known !== undefined && (known.shape === 'task') !== (shape === 'task')
      if (isOther) continue
      const { uid, alarms } = known ?? { uid: `u${(made += 1)}`, alarms: {} }
      await put('alice', one.at, { uid, shape, summary, alarms: { ...alarms, alice: one.alarm } })
    } else if (known && one.kind === 'alarm') {
      await put(one.who, one.at, { ...known, alarms: { ...known.alarms, [one.who]: one.alarm } })
    } else if (known && one.kind === 'edit') {
      await put('bob', one.at, {
        ...known,
        summary: one.summary,
        alarms: { ...known.alarms, bob: one.alarm },
      })
    } else if (known && one.kind === 'delete') {
      const [account, href] = at[one.who]
      expect((await account.delete(`${href}${one.at}.ics`)).status).toBe(204)
      things.delete(one.at)
    } else if (known && one.kind === 'move' && !things.has(one.to)) {
      const [account, href] = at.alice
      const headers = { Destination: `${href}${one.to}.ics` }
      expect((await account.request('MOVE', `${href}${one.at}.ics`, { headers })).status).toBe(201)
      things.delete(one.at)
      things.set(one.to, known)
    }
  }
  for (const replica of replicas) await replica.check()
  for (const who of people) {
    const [account, href] = at[who]
    for (const [spotAt, thing] of things)
      expect((await account.get(`${href}${spotAt}.ics`)).text).toBe(textFor(who, thing))
    const others = people.filter((person) => person !== who)
    expect(facesWith(await facesOf(account, href), new RegExp(`${others.join('s-|')}s-`))).toEqual([])
  }
  const busy = [...things.values()].filter(({ shape }) => shape === 'busy' || shape === 'later')
  expect(blocks.etags.size).toBe(busy.length)
  expect(facesWith(await facesOf(blocks.account, blocks.href), hidden)).toEqual([])
}

describe('RFC 6578, RFC 4791 §6.1.1 views of one calendar, changed at random', () => {
  it('each sees his own alarms and nobody else’s, or blocks of time; sync tells it all, however it is cut', async () => {
    await fc.assert(fc.asyncProperty(fc.array(operation, { minLength: 10, maxLength: 40 }), run), {
      numRuns: runsOf(12),
      interruptAfterTimeLimit: 60_000,
    })
  }, 120_000)
})
