import {
  countPeople,
  lettersOfPeople,
  type People,
  positionByName,
  sortedPeople,
} from '../../../storage/smart-lists/people.ts'
import type { Reader } from '../../../storage/store.ts'
import { page, readCursor } from '../../api/cursor.ts'
import { refuseInput } from '../../api/problem.ts'
import { type ApiCall, look, type Route } from '../../api/route.ts'
import { showItems } from '../facts/show.ts'
import { type AskedPeople, openPeople, placeShape, type SortedBy, sortingOf } from './people.ts'
import {
  letters,
  lettersQuery,
  lettersRequest,
  type PeopleRequest,
  peopleRequest,
  sortedPage,
} from './people-schema.ts'
import { readyFaces } from './ready-faces.ts'
import type { Filter } from './schema.ts'

const scope = 'people'

/** People and organisations by any filter, in any order: what a list on a screen is drawn from. */
export const peopleRoutes: readonly Route[] = [
  look(
    { method: 'POST', path: '/parties/query', summary: 'People by a filter, in any order', scope },
    { body: peopleRequest, reply: sortedPage },
    async (call) => {
      await readyFaces(call)
      return call.store.read(async (reader) => {
        const { body, session } = call
        const { people, reach } = await openPeople(reader, session, body, call.now())
        const sorting = await sortingOf(reader, { session: call.session, reach }, body.order, call.now())
        checkJump(sorting, body)
        const after = readCursor(body.cursor, placeShape(sorting))
        const limit = body.skip + body.limit + 1
        const found = await sortedPeople(reader, people, { ...sorting, after, from: body.from, limit })
        const rows = found.slice(body.skip)
        const shown = await showItems(reader, reach, rows.slice(0, body.limit))
        const count = body.count ? { count: await countPeople(reader, people) } : {}
        const position = await positionOf(reader, people, sorting, body)
        return {
          body: { ...page(rows, body.limit, { keyOf: ({ place }) => place, shown }), ...count, ...position },
        }
      })
    },
  ),
  look(
    { method: 'GET', path: '/parties/letters', summary: 'How many names begin with each letter', scope },
    { query: lettersQuery, reply: letters },
    (call) => {
      const { kind, book } = call.query
      const all: Filter[] = []
      if (kind) all.push({ field: 'kind', kind })
      if (book !== undefined) all.push({ field: 'book', book })
      return countedLetters(call, { filter: { all } })
    },
  ),
  look(
    {
      ...{ method: 'POST', path: '/parties/letters', scope },
      summary: 'How many names begin with each letter, by a filter',
    },
    { body: lettersRequest, reply: letters },
    (call) => countedLetters(call, call.body),
  ),
]

/** @throws refusal 422 for a jump to a name, or a place, where names are not what they are sorted by */
function checkJump({ order }: SortedBy, body: PeopleRequest): void {
  const path = (['from', 'of'] as const).find((key) => body[key] !== undefined)
  if (path === undefined || order === 'name') return
  const message = 'is for the order of names'
  throw refuseInput('body', [{ code: 'custom', path: [path], message, input: body[path] }])
}

/** Where somebody stands, if that is asked. */
async function positionOf(reader: Reader, people: People, { isDescending }: SortedBy, { of }: PeopleRequest) {
  if (of === undefined) return {}
  const position = await positionByName(reader, people, { partyId: of, isDescending })
  return { position: position ?? null }
}

async function countedLetters(call: ApiCall<unknown>, asked: AskedPeople) {
  await readyFaces(call)
  return call.store.read(async (reader) => {
    const { people } = await openPeople(reader, call.session, asked, call.now())
    const counted = await lettersOfPeople(reader, people)
    return { body: { count: counted.reduce((sum, { count }) => sum + count, 0), letters: counted } }
  })
}
