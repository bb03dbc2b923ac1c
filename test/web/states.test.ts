import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { usesOfQueries } from './unread-errors.ts'

const root = new URL('../../src/web/', import.meta.url).pathname
const texts = new Map(
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => [name, readFileSync(join(root, name), 'utf8')]),
)

/** Hooks of which one place says for all pages what failed. */
const toldForAll = new Set([
  'session/session.ts#useSession', // session/door.tsx, before anything is drawn
  'client/capabilities.ts#useCapabilities', // ui/shell.tsx, above each page
])

/** Components beside which another one asks the same, and says what failed. */
const toldBeside = [
  'books/books.ts#useAsDefault', // the sides, where the books stand
  'books/place-actions.tsx#PlaceActions', // the sides
  'contacts/list/book-section.tsx#BookSection', // the sides
  'import/parts/trial.tsx#Wished', // ColumnTable
  'person/card/card-values.tsx#CardValues', // CustomFields
  'sharing/invites.tsx#Left', // Invites
  'trash/trash-page.tsx#EmptyIt', // Entries
]

describe('what a page asks for', () => {
  const uses = usesOfQueries(texts)
  const unread = uses.filter(({ isRead }) => !isRead)

  it('is found wherever it is asked', () => {
    expect(uses.length).toBeGreaterThan(150)
    const own = 'import { useQuery } from "@tanstack/react-query"\n'
    const found = (text: string) =>
      usesOfQueries(new Map([['a/b.tsx', own + text]])).filter(({ isRead }) => !isRead)
    expect(found('function A() { const { data } = useQuery({}); return data }')).toHaveLength(1)
    expect(found('const A = () => useQuery({}).data')).toHaveLength(1)
    expect(
      found('function useA() { return useQuery({}) }\nfunction A() { const { data } = useA() }'),
    ).toHaveLength(1)
    expect(found('function A() { const one = useQuery({}); return one.data }')).toHaveLength(1)
    expect(found('function A() { const one = useQuery({}); return one.error ?? one.data }')).toEqual([])
    expect(found('function A() { const one = useQuery({}); return <Part of={one} /> }')).toEqual([])
  })

  it('says what failed', () => {
    const silent = unread.filter(({ by, hook }) => !toldForAll.has(hook) && !toldBeside.includes(by))
    expect(silent.map(({ by, hook }) => `${by} shows nothing where ${hook} fails`)).toEqual([])
  })

  it('is told elsewhere only where that is so', () => {
    for (const hook of toldForAll)
      expect(
        uses.some((one) => one.hook === hook && one.isRead),
        hook,
      ).toBe(true)
    for (const by of toldBeside) {
      const hooks = unread.filter((one) => one.by === by).map(({ hook }) => hook)
      expect(hooks, by).not.toEqual([])
      for (const hook of hooks)
        expect(
          uses.some((one) => one.hook === hook && one.isRead),
          hook,
        ).toBe(true)
    }
  })
})

describe('pictures', () => {
  it('that cannot be loaded have something in their place', () => {
    for (const [name, text] of texts)
      for (const [picture] of text.matchAll(/<(?:img|Image)\s[^>]*?\/>|<(?:img|Image)\s[\s\S]*?\n\s*\/>/g))
        expect(picture, name).toContain('onError')
  })
})
