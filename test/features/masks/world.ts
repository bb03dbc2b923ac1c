import type { WrittenMask } from '../../../protocol/vcard/mask/rules.ts'
import { card, event } from '../../dav/objects.ts'
import type { Account, TestServer } from '../../dav/server.ts'
import { masked, sharedWith } from '../../dav/virtual/masked.ts'
import { call, idOf } from '../history/world.ts'
import { placedAt } from '../people/sessions.ts'

/** A property that a mask hides. */
export interface Secret {
  readonly mask: WrittenMask
  /** The lines that say it. @param value  a word, or digits where it is a number */
  readonly lines: (value: string) => readonly string[]
  /** What is looked for by who does not see it. */
  readonly asked: (value: string) => string
  readonly values: readonly [string, string]
}

const words = ['Quillfeather', 'Zanzibarian'] as const
const digits = ['555019911', '555087722'] as const
const one = (value: string): string => value

/** Kinds of masks, and what they hide. */
export const secrets: Readonly<Record<string, Secret>> = {
  TEL: {
    ...{ mask: { hide: ['TEL;TYPE=home'] }, values: digits },
    lines: (value) => [`TEL;TYPE=home:+49${value}`],
    asked: (value) => `+49${value}`,
  },
  EMAIL: {
    ...{ mask: { hide: ['EMAIL'] }, values: words },
    lines: (value) => [`EMAIL:${value.toLowerCase()}@private.example`],
    asked: (value) => `${value.toLowerCase()}@private.example`,
  },
  NOTE: { mask: { hide: ['NOTE'] }, values: words, lines: (value) => [`NOTE:${value}`], asked: one },
  CATEGORIES: {
    ...{ mask: { hide: ['CATEGORIES'] }, values: words, asked: one },
    lines: (value) => [`CATEGORIES:${value}`],
  },
  ORG: { mask: { hide: ['ORG'] }, values: words, lines: (value) => [`ORG:${value}`], asked: one },
  TITLE: { mask: { hide: ['TITLE'] }, values: words, lines: (value) => [`TITLE:${value}`], asked: one },
  RELATED: {
    ...{ mask: { hide: ['RELATED'] }, values: words, asked: one },
    lines: (value) => [`item1.X-ABRELATEDNAMES:${value}`, 'item1.X-ABLabel:_$!<Spouse>!$_'],
  },
  'X-ABDATE by label': {
    ...{ mask: { hide: ['X-ABDATE;LABEL=first met'] }, values: ['1987-03-21', '1988-04-22'], asked: one },
    lines: (value) => [`item2.X-ABDATE;VALUE=date:${value}`, 'item2.X-ABLabel:First met'],
  },
  BDAY: {
    ...{ mask: { hide: ['BDAY'] }, values: ['1987-03-21', '1988-04-22'], asked: one },
    lines: (value) => [`BDAY;VALUE=date:${value}`],
  },
  'all but EMAIL': {
    ...{ mask: { hide: [], only: ['EMAIL'] }, values: words, asked: one },
    lines: (value) => [`URL:https://${value}.example/`, `ADR:;;${value} 1;${value};;1;`, `X-PIN:${value}`],
  },
}

/** Somebody's card, and a colleague who sees it without what is hidden from him. */
export interface World {
  readonly server: TestServer
  readonly secret: Secret
  readonly owner: Account
  readonly viewer: Account
  /** The book at the viewer, and its id. */
  readonly book: string
  readonly bookId: number
  readonly jane: number
  readonly acme: number
  readonly card: number
  readonly path: string
  /** Writes jane with what is hidden, or without it. */
  write(value: string | undefined): Promise<void>
}

/**
 * The viewer has somebody of his own of whom he knows the value that is hidden of jane, and has met whoever has it: what he
 * sees of jane must not tell him that it is the same.
 */
export async function makeWorld(server: TestServer, secret: Secret): Promise<World> {
  const [owner, viewer] = [await server.account(), await server.account()]
  const [path, own] = [`${owner.contacts}jane.vcf`, `${viewer.contacts}own.vcf`]
  const write = async (value: string | undefined): Promise<void> => {
    const lines = ['TEL;TYPE=work:+49301234', ...(value === undefined ? [] : secret.lines(value))]
    const answer = await owner.put(path, card('jane', 'Jane Doe', lines))
    if (answer.status >= 300) throw new Error(answer.text)
  }
  await write(undefined)
  await owner.put(`${owner.contacts}acme.vcf`, card('acme', secret.values[0], ['KIND:org']))
  await viewer.put(own, card('own', 'J Doe', secret.lines(secret.values[0])))
  for (const days of [-5, 5]) {
    const at = server.clock.now + days * 86_400_000
    await viewer.put(
      `${viewer.calendar}met${days}.ics`,
      meeting(`met${days}`, at, secret.asked(secret.values[0])),
    )
  }
  await masked(server, secret.mask, viewer)
  const book = await sharedWith(owner, viewer)
  await call(viewer, 'PUT', `/parties/${(await placedAt(server, path)).partyId}/cadence`, { everyDays: 30 })
  const [placed, company] = [
    await placedAt(server, path),
    await placedAt(server, `${owner.contacts}acme.vcf`),
  ]
  return {
    ...{ server, secret, owner, viewer, book, path, write },
    ...{ jane: placed.partyId, card: await idOf(server, path), bookId: placed.collectionId },
    acme: company.partyId,
  }
}

const meeting = (uid: string, at: number, asked: string): string =>
  event(uid, [
    `DTSTART:${new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')}`,
    ...['DURATION:PT1H', 'ORGANIZER:mailto:me@example.org'],
    `ATTENDEE:mailto:${/@/.test(asked) ? asked : 'someone@example.org'}`,
  ])
