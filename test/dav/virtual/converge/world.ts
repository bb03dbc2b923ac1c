import { grouped } from '../../../../storage/select.ts'
import { call } from '../../../api/json.ts'
import { rowOf } from '../../../features/world.ts'
import type { Account, TestServer } from '../../server.ts'
import { masked, sharedWith } from '../masked.ts'
import { type CardAt, hidden, isLyon, oldest, type Rules } from './cards.ts'
import { newPhone, type Phone } from './phone.ts'

/** An owner of two books, a colleague who sees one of them through a mask, and two who are given people and labels. */
export interface World {
  readonly server: TestServer
  readonly owner: Account
  readonly other: string
  readonly colleague: Account
  readonly friends: readonly Account[]
  readonly mask: string
  /** What the mask hides now. */
  rules: Rules
  readonly phones: readonly Viewing[]
  readonly merges: number[]
}

/** A device, which books of others are on it, and what is to be in each of them. */
export interface Viewing {
  readonly phone: Phone
  paths(): Promise<readonly string[]>
  expected(cards: readonly CardAt[]): Promise<string[][]>
}

interface Granted {
  readonly id: number
  readonly what: {
    readonly kind: string
    readonly party?: number
    readonly label?: string
    readonly book?: string
  }
  readonly with: { readonly name: string }
  readonly masks: readonly { readonly hide: Rules }[]
}

const customers = { field: 'role', op: 'is', text: 'customer' }
/** Whoever is a customer, or has a note that is seen. */
const noted = { any: [customers, { field: 'note', op: 'known' }] }
/** Whoever is a customer, or has a label. */
const labelled = { any: [customers, { field: 'label', op: 'is', text: 'Lyon' }] }

export async function makeWorld(server: TestServer, rules: Rules): Promise<World> {
  const [owner, colleague] = [await server.account(), await server.account()]
  const friends = [await server.account(), await server.account()]
  const other = `${owner.books}other/`
  await makeBook(owner, other)
  const mask = await masked(server, { hide: rules }, colleague)
  const shared = await sharedWith(owner, colleague)
  const [his, own] = [await listBook(colleague, noted), await listBook(owner, labelled)]
  const made = { server, owner, other, colleague, friends, mask, rules, merges: [] }
  const world: { phones: readonly Viewing[] } & Omit<World, 'phones'> = { ...made, phones: [] }
  const inBook = (cards: readonly CardAt[]) => cards.filter(({ book }) => book === owner.contacts)
  const seen = ({ text }: CardAt): string => hidden(text, world.rules)
  world.phones = [
    {
      phone: newPhone(colleague),
      paths: async () => [shared, his],
      expected: async (cards) => [
        inBook(cards).map(seen),
        firsts(inBook(cards), (card) => card.isCustomer || /^NOTE:/m.test(seen(card))).map(seen),
      ],
    },
    {
      phone: newPhone(owner),
      paths: async () => [own],
      expected: async (cards) => [firsts(cards, (card) => card.isCustomer || isLyon(card)).map(textOf)],
    },
    ...friends.map((friend) => receiving(world, friend)),
  ]
  return world
}

const textOf = ({ text }: CardAt): string => text

function receiving(world: Pick<World, 'owner'>, friend: Account): Viewing {
  return {
    phone: newPhone(friend),
    paths: async () => {
      const { json } = await call(friend, 'GET', '/grants/received')
      return json.books.map(({ name }: { name: string }) => `${friend.books}${name}/`)
    },
    expected: async (cards) => {
      const given = (await grantsOf(world)).filter((one) => one.with.name === friend.name)
      const books = grouped(given, ({ what: { kind, label, book }, masks }) =>
        JSON.stringify([kind, label, book, masks]),
      )
      return [...books.values()].map((grants) =>
        oldest(cards, (card) => grants.some((grant) => isGiven(world, card, grant))).map(({ text }) =>
          hidden(text, grants[0]?.masks.flatMap(({ hide }) => hide) ?? []),
        ),
      )
    },
  }
}

function isGiven({ owner }: Pick<World, 'owner'>, card: CardAt, { what }: Granted): boolean {
  if (what.kind === 'person') return what.party === card.party
  return isLyon(card) && (what.book === undefined || card.book === owner.contacts)
}

/** Each person once, by the first card, whichever of them matches. */
function firsts(cards: readonly CardAt[], matches: (card: CardAt) => boolean): CardAt[] {
  const parties = grouped(cards, ({ party }) => party)
  return [...parties.values()].flatMap((some) => (some.some(matches) ? some.slice(0, 1) : []))
}

export async function grantsOf({ owner }: Pick<World, 'owner'>): Promise<readonly Granted[]> {
  return (await call(owner, 'GET', '/grants')).json.items
}

/** All cards of the owner that live, the oldest first. */
export async function cardsOf({ server, owner }: World): Promise<CardAt[]> {
  const { id } = await rowOf(server, owner)
  const rows = await server.services.store.read(({ sql }) =>
    sql.all<{ book: string; name: string; party: number; isCustomer: number }>(
      `SELECT c.name AS book, o.name, p.party_id AS party,
         (SELECT count(*) FROM party_roles r WHERE r.party_id = p.party_id AND r.role = 'customer') AS "isCustomer"
       FROM objects o JOIN collections c ON c.id = o.collection_id JOIN placements p ON p.object_id = o.id
       WHERE c.principal_id = $1 AND c.kind = 'addressbook' AND c.generated IS NULL
       ORDER BY o.id`,
      [id],
    ),
  )
  const cards: CardAt[] = []
  for (const { book, name, party, isCustomer } of rows) {
    const path = `${owner.books}${book}/`
    const { text } = await owner.get(`${path}${name}`)
    cards.push({ path: `${path}${name}`, book: path, party, isCustomer: isCustomer > 0, text })
  }
  return cards
}

async function makeBook(owner: Account, path: string): Promise<void> {
  const body =
    '<d:mkcol xmlns:d="DAV:"><d:set><d:prop><d:resourcetype><d:collection/><a:addressbook xmlns:a="urn:ietf:params:xml:ns:carddav"/></d:resourcetype></d:prop></d:set></d:mkcol>'
  const { status, text } = await owner.request('MKCOL', path, { body })
  if (status !== 201) throw new Error(text)
}

async function listBook(account: Account, filter: unknown): Promise<string> {
  const made = await call(account, 'POST', '/lists', { name: 'x', filter })
  return `${account.books}${(await call(account, 'POST', `/lists/${made.json.id}/book`)).json.name}/`
}
