import { z } from 'zod'
import { findTree } from '../../../storage/collections.ts'
import { findNode } from '../../../storage/nodes/nodes.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { linksOfTargets, listLinks, type PartyLinkRow } from '../../../storage/timeline/links.ts'
import { page, readCursor } from '../../api/cursor.ts'
import { type ChangeCall, idIn, look, originOf, type Route, work } from '../../api/route.ts'
import { paging } from '../../api/schema.ts'
import { askingOf, mustFindParty, mustWrite } from '../people/asking.ts'
import { seeParties } from '../people/parties.ts'
import { tie } from '../timeline/links.ts'
import { addFile, addFolder } from './change-files.ts'
import { takeContent } from './content.ts'
import { type FolderPlace, mustSeeFolder, mustSeeHome, mustSeeNode, parentIdOf } from './places.ts'
import { filingOf, shownNode } from './routes.ts'
import { fileParties, newFile, partyFile, partyLinks } from './schema.ts'
import { peopleOf, seeNodes, showEntries } from './show.ts'

const scope = ['people', 'files'] as const
const linkKey = z.tuple([z.int(), z.int()])

/** The documents of people. */
export const partyFileRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/parties/:id/links', summary: 'The documents of somebody', scope },
    { query: z.object(paging), reply: partyLinks },
    (call) =>
      call.store.read(async (reader) => {
        const { party } = await mustFindParty(reader, call)
        const { limit, cursor } = call.query
        const [at, id] = readCursor(cursor, linkKey) ?? [Number.MAX_SAFE_INTEGER, 0]
        const rows = await listLinks(reader, [party.row.id], 'node', { before: { at, id }, limit: limit + 1 })
        const found = page(rows, limit, { keyOf: (row) => [row.at, row.id], shown: (row) => row })
        return { body: { items: await shownLinks(reader, call, found.items), next: found.next } }
      }),
  ),
  look(
    { method: 'GET', path: '/files/:id/parties', summary: 'Whom a file is tied to', scope },
    { reply: fileParties },
    (call) =>
      call.store.read(async (reader) => {
        const { row } = await mustSeeNode(reader, call.session, idIn(call))
        const { reach } = await askingOf(reader, call)
        const links = await linksOfTargets(reader, 'node', [row.id])
        const seen = await seeParties(
          reader,
          reach,
          links.map(({ partyId }) => partyId),
        )
        const items = links.flatMap(({ id: link, partyId: id }) => {
          const [first] = seen.get(id)?.placements ?? []
          return first ? [{ link, party: { id, name: first.name, kind: first.kind } }] : []
        })
        return { body: { items } }
      }),
  ),
  work(
    {
      method: 'POST',
      path: '/parties/:id/files',
      summary: 'Put a file among my own, tied to somebody',
      scope,
      affects: 'other',
    },
    { query: newFile.pick({ name: true }), takesOctets: true, reply: partyFile, statuses: [201] },
    async (call) => {
      const home = await call.store.read(async (reader) => {
        await mustWrite(reader, await askingOf(reader, call), idIn(call))
        return myHome(reader, call)
      })
      const content = await takeContent(call, home, 0)
      return call.store.write(async (tx) => {
        const asking = await askingOf(tx, call)
        const party = await mustWrite(tx, asking, idIn(call))
        const folder = await folderOfPerson(tx, call, party.placements[0].name)
        const file = { name: call.query.name, onClash: 'rename' as const, content }
        const id = await addFile(tx, folder, file, filingOf(call))
        const link = await tie(tx, asking, party.row.id, { kind: 'node', id }, originOf(call))
        return { body: { link: link.id, file: (await shownNode(tx, call, id)).body } }
      })
    },
  ),
]

/** Of which the folders of people are, one each. */
const folderOfPeople = 'Contacts'

async function myHome(reader: Reader, { session }: AnyCall): Promise<FolderPlace> {
  const tree = await findTree(reader, session.principal, 'files')
  return mustSeeHome(reader, session, tree?.home.id ?? 0)
}

async function folderOfPerson(tx: Writer, call: AnyCall, person: string): Promise<FolderPlace> {
  const around = await folderNamed(tx, call, await myHome(tx, call), folderOfPeople)
  return folderNamed(tx, call, around, asFolderName(person))
}

/** Made where there is none; a file of that name is passed by. */
async function folderNamed(
  tx: Writer,
  call: AnyCall,
  place: FolderPlace,
  name: string,
): Promise<FolderPlace> {
  const found = await findNode(tx, place.home.id, parentIdOf(place), name)
  if (found?.kind === 'file') return place
  return mustSeeFolder(tx, call.session, found?.id ?? (await addFolder(tx, place, name, filingOf(call))))
}

function asFolderName(text: string): string {
  const plain = text
    .replace(/[/\\\p{Cc}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 80)
    .trim()
  return /^\.*$/.test(plain) ? '-' : plain
}

type AnyCall = Pick<ChangeCall<unknown>, 'session' | 'params' | 'requestId' | 'settings' | 'newId'>

async function shownLinks(reader: Reader, { session }: AnyCall, rows: readonly PartyLinkRow[]) {
  const nodes = await seeNodes(
    reader,
    session,
    rows.map(({ targetId }) => targetId),
  )
  const entries = new Map((await showEntries(reader, nodes)).map((entry) => [entry.id, entry]))
  const people = await peopleOf(
    reader,
    rows.flatMap(({ authorId }) => authorId ?? []),
  )
  return rows.flatMap(({ id, at, authorId, targetId }) => {
    const file = entries.get(targetId)
    const author = people.get(authorId ?? 0) ?? null
    return file ? [{ id, at: new Date(at).toISOString(), author, file }] : []
  })
}
