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
  'DELETE /files/:id/shares/:name': {
    message: 'POST /files/:id/shares',
    later: 'POST /files/:id/shares/:name/history/:revision/restore',
  },
  'DELETE /links/:id': by('POST /links/:id/restore'),
  'DELETE /shares/:id': { message: 'POST /shares', later: 'POST /shares/:id/history/:revision/restore' },
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

const state: WayBack = { message: undo, later: 'POST /objects/:id/restore' }
const looks = 'POST /collections/:id/history/:revision/restore'
/** A history of its own below its address. */
const own = (path: string): WayBack => ({ message: undo, later: `POST ${path}/history/:revision/restore` })

/** Every PATCH and PUT, and every POST that writes over something that is there: what it was before comes back so. */
const waysBackOfChanges: Readonly<Record<string, WayBack>> = {
  'PATCH /account': { message: undo, later: 'POST /accounts/:name/history/:revision/restore' },
  // What was said before is a secret that nobody has written down: whoever says it knows both, and says so in person.
  'PUT /account/password': by('PUT /account/password'),
  'POST /password-links': {
    losesNothing: 'The password of before counts until another is chosen by the link.',
  },
  // Locked, a quota lowered, another name: all of it is in the history of the account.
  'PATCH /accounts/:name': own('/accounts/:name'),
  'PATCH /groups/:name': own('/groups/:name'),
  'PATCH /rooms/:name': own('/rooms/:name'),
  'PATCH /resources/:name': own('/resources/:name'),
  'PATCH /team-roles/:id': own('/team-roles/:id'),
  'PUT /masks/:name': own('/masks/:name'),
  'PUT /delegates/:name/:delegate': by('DELETE /delegates/:name/:delegate'),
  // Who changed what is beside it, with a button that sends what was there before.
  'PUT /settings/:key': by('PUT /settings/:key'),
  'PATCH /retention/:id': { noPage: '/retention' },
  'PATCH /webhooks/:id': { noPage: '/webhooks' },
  'PATCH /devices/:id': by('PATCH /devices/:id'),

  'PATCH /books/:id': { message: undo, later: looks },
  'PATCH /calendars/:id': { message: undo, later: looks },
  // Where it comes from may hold a password, and stands in no history: what it was the message knows, and whoever follows it.
  'PATCH /subscriptions/:id': by('PATCH /subscriptions/:id'),
  'PATCH /birthdays/:id': by('PATCH /birthdays/:id'),
  'PATCH /directory': by('PATCH /directory'),
  'PATCH /shares/:id': own('/shares/:id'),
  'POST /shares': own('/shares/:id'),
  'POST /files/:id/shares': own('/files/:id/shares/:name'),
  'PATCH /grants/:id': own('/grants/:id'),

  'PATCH /calendar-events/:id': state,
  'PATCH /tasks/:id': state,
  'PATCH /cards/:id': state,
  'PUT /cards/:id/photo': state,
  'POST /cards/:id/move': by('POST /cards/:id/move'),
  'POST /tasks/:id/move': by('POST /tasks/:id/move'),
  'PATCH /parties/:id': state,
  'PATCH /parties/:id/fields': fromPerson,
  'PATCH /parties/:id/consents/:item': fromPerson,
  'PATCH /parties/:id/memberships/:item': fromPerson,
  'PATCH /parties/:id/parents/:item': fromPerson,
  'PATCH /parties/:id/relations/:item': fromPerson,
  'PUT /parties/:id/cadence': fromPerson,
  'PATCH /activities/:id': fromPerson,
  'PATCH /labels/:name': own('/labels/:name'),
  'PATCH /lists/:id': own('/lists/:id'),
  'PATCH /fields/:id': own('/fields/:id'),
  // Each of its changes by itself, or all of them by the request.
  'POST /bulk': { message: undo, later: 'POST /objects/:id/restore' },
  // Stopped midway, what is done has the same way back as all of it; the rest is done by asking again.
  'POST /parties/bulk/:id/stop': { message: undo, later: 'POST /objects/:id/restore' },
  'POST /migrations/:id/stop': by('POST /migrations/:id/go-on'),
  'POST /migrations/:id/pause': by('POST /migrations/:id/go-on'),

  'PATCH /files/:id': { message: undo, later: 'PATCH /files/:id' },
  'PUT /files/:id/content': { message: undo, later: 'POST /files/:id/versions/:version/restore' },
  'PATCH /imports/:id/wish': { losesNothing: 'Nothing is imported by it: what is chosen is chosen anew.' },
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

  it('has one that is named here, for each route that writes over something', () => {
    const writing = routes.filter((route) => /^P(?:ATCH|UT) /.test(route))
    expect(writing.length).toBeGreaterThan(35)
    expect(writing.filter((route) => !(route in waysBackOfChanges))).toEqual([])
    expect(Object.keys(waysBackOfChanges).filter((route) => !routes.includes(route))).toEqual([])
  })

  it('comes back by routes that are there', () => {
    const named = [...Object.values(waysBack), ...Object.values(waysBackOfChanges)].flatMap((way) =>
      'later' in way ? [way.message, way.later] : [],
    )
    expect(new Set(named).size).toBeGreaterThan(20)
    expect(named.filter((route) => !routes.includes(route))).toEqual([])
  })

  it('is asked before where nothing brings it back, in every language, or is on no page', () => {
    const pages = sourcesIn('src/web')
    for (const [route, way] of [...Object.entries(waysBack), ...Object.entries(waysBackOfChanges)]) {
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
