import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { apiRoutes } from '../../src/api/routes.ts'

/** How what a route takes away comes back. */
type WayBack =
  /** At once, by what the message does that tells of it; and afterwards, by what is offered where it is listed. */
  | { readonly message: string; readonly later: string }
  /** By its nature it does not: the pages ask before, in these words of theirs. */
  | { readonly asks: readonly [catalogue: string, ...words: string[]] }
  /** It takes nothing away that somebody could miss, for this reason. */
  | { readonly losesNothing: string }
  /** No page offers it, and the answer of the API is final: what is under this path is seen once only, or for programs. */
  | { readonly noPage: string }

const undo = 'POST /history/undo'
const fromTrash: WayBack = { message: undo, later: 'POST /trash/:id/restore' }
const fromPerson: WayBack = { message: undo, later: 'POST /parties/:id/history/:revision/restore' }
const fromRemoved: WayBack = { message: 'POST /removed/:id/restore', later: 'POST /removed/:id/restore' }
/** What stands in a list beside what can be put into it: by the same dialog, at once and ever after. */
const by = (route: string): WayBack => ({ message: route, later: route })

/** Every DELETE, and every POST that takes something away. */
const waysBack: Readonly<Record<string, WayBack>> = {
  'DELETE /accounts/:name': fromRemoved,
  'DELETE /groups/:name': fromRemoved,
  'DELETE /rooms/:name': fromRemoved,
  'DELETE /resources/:name': fromRemoved,
  'DELETE /removed/:id': { asks: ['admin', 'removed.forGoodText'] },
  'DELETE /groups/:name/members/:member': by('POST /groups/:name/members'),
  'DELETE /delegates/:name/:delegate': by('PUT /delegates/:name/:delegate'),
  'DELETE /team-roles/:id': { message: undo, later: 'POST /team-roles/:id/history/:revision/restore' },
  'DELETE /team-roles/:id/holders/:name': by('POST /team-roles/:id/holders'),
  'DELETE /masks/:name': { message: undo, later: 'POST /masks/:name/history/:revision/restore' },
  'DELETE /masks/:name/holders/:holder': by('POST /masks/:name/holders'),
  'DELETE /outbox/:id': by('POST /outbox/:id/retry'),
  'DELETE /settings/:key': by('PUT /settings/:key'),
  'DELETE /blocked': { losesNothing: 'Whoever goes on guessing is blocked again.' },
  'DELETE /retention/:id': { noPage: '/retention' },

  'DELETE /calendars/:id': { message: 'POST /trash/:id/restore', later: 'POST /trash/:id/restore' },
  'DELETE /books/:id': { message: 'POST /trash/:id/restore', later: 'POST /trash/:id/restore' },
  'DELETE /subscriptions/:id': { message: 'POST /trash/:id/restore', later: 'POST /trash/:id/restore' },
  'DELETE /birthdays/:id': by('POST /birthdays'),
  'DELETE /calendar-events/:id': fromTrash,
  'DELETE /tasks/:id': fromTrash,
  'DELETE /cards/:id': fromTrash,
  'DELETE /parties/:id': fromTrash,
  'DELETE /cards/:id/photo': { message: undo, later: 'POST /objects/:id/restore' },
  'DELETE /parties/:id/cadence': fromPerson,
  'DELETE /parties/:id/consents/:item': fromPerson,
  'DELETE /parties/:id/memberships/:item': fromPerson,
  'DELETE /parties/:id/relations/:item': fromPerson,
  'DELETE /parties/:id/parents/:item': fromPerson,
  'DELETE /activities/:id': fromPerson,
  'DELETE /party-links/:id': fromPerson,
  'POST /merges': by('POST /merges/:id/undo'),
  'POST /parties/bulk': fromTrash,
  'POST /parties/:id/erase': { asks: ['consents', 'forGood', 'goes_other'] },
  'POST /labels/:name/people': { message: undo, later: 'POST /objects/:id/restore' },
  'DELETE /labels/:name': { message: undo, later: 'POST /labels/:name/history/:revision/restore' },
  'DELETE /lists/:id': { message: 'POST /trash/:id/restore', later: 'POST /trash/:id/restore' },
  'DELETE /lists/:id/book': by('POST /lists/:id/book'),
  'DELETE /fields/:id': { message: undo, later: 'POST /fields/:id/history/:revision/restore' },
  'DELETE /grants/:id': { message: undo, later: 'POST /grants/:id/history/:revision/restore' },
  'POST /duplicates/:id/not-same': by('DELETE /duplicates/:id/not-same'),
  'DELETE /duplicates/:id/not-same': by('POST /duplicates/:id/not-same'),
  'POST /suggestions/:id/dismiss': by('DELETE /suggestions/:id/dismiss'),
  'DELETE /suggestions/:id/dismiss': by('POST /suggestions/:id/dismiss'),

  'DELETE /files/:id': by('POST /files/:id/restore'),
  'DELETE /files/:id/links/:link': by('POST /files/:id/links/:link/restore'),
  'DELETE /files/:id/shares/:name': by('POST /files/:id/shares'),
  'DELETE /links/:id': by('POST /links/:id/restore'),
  'DELETE /shares/:id': by('POST /shares'),
  'POST /invites/:id/decline': by('POST /invites/:id/accept'),
  'DELETE /held/:id': by('POST /held/:id/restore'),
  'POST /held/:id/apply': by('POST /held/:id/restore'),
  'POST /objects/:id/restore': { message: undo, later: 'POST /objects/:id/restore' },
  'POST /history/undos/:id/undo': by('POST /history/undos/:id/undo'),
  'POST /bursts/:id/undo': by('POST /history/undos/:id/undo'),
  'POST /imports/:id/run': by('POST /imports/:id/undo'),
  'POST /imports/:id/undo': { message: 'POST /trash/:id/restore', later: 'POST /trash/:id/restore' },
  'POST /migrations/:id/undo': { message: 'POST /trash/:id/restore', later: 'POST /trash/:id/restore' },
  'DELETE /trash/:id': { noPage: '/trash/' },
  'DELETE /trash': { asks: ['trash', 'emptyWhy'] },

  'DELETE /devices/:id': { asks: ['account', 'devices.revokeText'] },
  'DELETE /sessions/:id': { asks: ['account', 'signOutText'] },
  'DELETE /sessions': { asks: ['account', 'signOutOthersText', 'signOutAllText'] },
  'DELETE /tokens/:id': { noPage: '/tokens' },
  'DELETE /webhooks/:id': { noPage: '/webhooks' },
  'POST /webhooks/:id/rotate': { noPage: '/webhooks' },
}

/** POSTs to something that is there: they add, or bring back, or say when. */
const adds = new Set([
  ...['retry', 'run', 'copy', 'move', 'restore', 'keep', 'stop', 'pause', 'go-on', 'refresh', 'replay'],
  ...['accept', 'undo', 'setup-link'],
  ...['members', 'holders', 'cards', 'children', 'folders', 'files', 'links', 'shares', 'tasks', 'book'],
  ...['consents', 'memberships', 'relations', 'parents'],
])

const routes = apiRoutes.filter(({ kind }) => kind !== 'look').map(({ method, path }) => `${method} ${path}`)

describe('what is taken away over the API', () => {
  it('has a way back that is named here, for each route that may take something away', () => {
    const isTaking = (route: string): boolean => {
      const verb = /^POST .*:\w+\/([\w-]+)$/.exec(route)?.[1]
      return route.startsWith('DELETE ') || (verb !== undefined && !adds.has(verb))
    }
    const taking = routes.filter(isTaking)
    const how = 'Say in waysBack how what it takes away comes back, at once and later.'
    expect(
      taking.filter((route) => !(route in waysBack)),
      how,
    ).toEqual([])
    expect(Object.keys(waysBack).filter((route) => !routes.includes(route))).toEqual([])
  })

  it('comes back by routes that are there', () => {
    const named = Object.values(waysBack).flatMap((way) => ('later' in way ? [way.message, way.later] : []))
    expect(new Set(named).size).toBeGreaterThan(20)
    expect(named.filter((route) => !routes.includes(route))).toEqual([])
  })

  it('is asked before where nothing brings it back, in every language, or is on no page', () => {
    const pages = sourcesIn('src/web')
    for (const [route, way] of Object.entries(waysBack)) {
      if ('noPage' in way) {
        const sent = new RegExp(`'${route.split(' ')[0]}',\\s*[\`']${way.noPage}`)
        expect([route, pages.filter((text) => sent.test(text)).length]).toEqual([route, 0])
      }
      if (!('asks' in way)) continue
      const [catalogue, ...words] = way.asks
      for (const language of ['en', 'de', 'fr', 'es', 'nl', 'ru', 'el'])
        for (const word of words) expect([word, textIn(catalogue, language, word)]).not.toContain(undefined)
      for (const word of words) {
        const key = `t('${word.replace(/_other$/, '')}'`
        expect([route, word, pages.some((text) => text.includes(key))]).toEqual([route, word, true])
      }
    }
  })
})

/** The texts of all sources below a folder. */
function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
}

function textIn(catalogue: string, language: string, word: string): string | undefined {
  const texts: unknown = JSON.parse(readFileSync(`src/web/${catalogue}/texts/${language}.json`, 'utf8'))
  let found: unknown = texts
  for (const part of word.split('.')) found = (found as Record<string, unknown> | undefined)?.[part]
  return typeof found === 'string' && found !== '' ? found : undefined
}
