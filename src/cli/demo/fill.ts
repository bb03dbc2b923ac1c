import type { AddressInfo } from 'node:net'
import { findPrincipalByName } from '../../../storage/principals.ts'
import { hashPassword } from '../../auth/password.ts'
import { createAccount, findAccount } from '../../features/accounts/accounts.ts'
import { addMember, createGroup } from '../../features/accounts/groups.ts'
import { makeAdministrator } from '../../features/team/team-roles.ts'
import { createHttpServer } from '../../http.ts'
import { createLog } from '../../log.ts'
import type { Services } from '../../services.ts'
import { writeDocuments } from './documents.ts'
import { makeEvents } from './events.ts'
import { createFace, type Face } from './face.ts'
import { colleagues, companies, firm } from './firm.ts'
import { makePeople, vcardOf, vcardOfCompany } from './people.ts'
import { writeLists, writeStory, writeTasks } from './story.ts'

/** Fills an empty database with a firm, by the faces that everybody uses: nothing is written past the server. */
export async function fillDemo(services: Services, password: string): Promise<void> {
  await makeAccounts(services, password)
  const settings = {
    ...services.settings,
    limits: { ...services.settings.limits, apiRequestsPerMinute: Number.MAX_SAFE_INTEGER },
  }
  const server = createHttpServer({ ...services, settings, log: createLog('warn') }, undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as AddressInfo
    const url = `http://127.0.0.1:${port}`
    const faces = colleagues.map(({ name }) => createFace(url, name, password))
    const [anna] = faces
    if (anna) await writeFirm(anna, faces, services.now())
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

async function makeAccounts({ store, settings, newId }: Services, password: string): Promise<void> {
  const passwordHash = await hashPassword(password, settings.auth.bcryptCost)
  await store.write(async (tx) => {
    const origin = { kind: 'import', requestId: newId() } as const
    const sharing = { settings, newId, origin }
    await createGroup(tx, { name: firm.group, displayName: 'Workshop' })
    const group = await findPrincipalByName(tx, firm.group)
    for (const { name, displayName } of colleagues) {
      const account = { name, displayName, email: `${name}@${firm.host}`, passwordHash }
      await createAccount(tx, account, settings, newId)
      if (group) await addMember(tx, group, await findAccount(tx, name), sharing)
    }
    await makeAdministrator(tx, await findAccount(tx, colleagues[0].name))
  })
}

async function writeFirm(anna: Face, faces: readonly Face[], now: number): Promise<void> {
  const people = makePeople()
  for (const [name, color] of labels) await anna.json('POST', '/labels', { name, color })
  // Companies first: people find theirs by its name.
  for (const [at, one] of companies.entries())
    await anna.put(`addressbooks/anna/contacts/demo-company-${at}.vcf`, vcardOfCompany(one, at), vcard)
  for (const one of people) await anna.put(`addressbooks/anna/contacts/${one.uid}.vcf`, vcardOf(one), vcard)
  await makeWorkshopCalendar(anna)
  for (const { uid, calendar, octets } of makeEvents(people, now))
    await anna.put(`calendars/anna/${calendar}/${uid}.ics`, octets, 'text/calendar')
  await shareAll(anna, faces)
  const ids = await idsOf(anna)
  await writeRoles(anna, faces, ids)
  await writeStory(faces, ids, people, now)
  await writeTasks(anna, ids, people, now)
  await writeLists(anna)
  await writeDocuments(anna, ids, people)
}

const vcard = 'text/vcard; charset=utf-8'

const labels = [
  ['Key account', '#c92a2a'],
  ['Architects', '#5f3dc4'],
  ['Builders', '#1864ab'],
  ['Suppliers', '#2b8a3e'],
  ['Home owners', '#a61e4d'],
] as const

async function makeWorkshopCalendar(anna: Face): Promise<void> {
  await anna.dav('MKCALENDAR', 'calendars/anna/workshop/', calendarWish)
}

/** @see RFC 4791 §5.3.1, and Apple's colour */
const calendarWish = `<?xml version="1.0" encoding="utf-8"?>
<c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:a="http://apple.com/ns/ical/">
<d:set><d:prop><d:displayname>Workshop</d:displayname><a:calendar-color>#E67700FF</a:calendar-color></d:prop></d:set>
</c:mkcalendar>`

/** The contacts and the calendar of the firm are everybody's, and accepted. */
async function shareAll(anna: Face, faces: readonly Face[]): Promise<void> {
  for (const collection of ['contacts', 'workshop'])
    await anna.json('POST', '/shares', { collection, with: firm.group, access: 'read-write' })
  for (const face of faces.filter((one) => one !== anna)) {
    const { invites } = await face.json('GET', '/invites')
    for (const { id } of invites) await face.json('POST', `/invites/${id}/accept`)
  }
}

/** Everybody by name. */
async function idsOf(face: Face): Promise<ReadonlyMap<string, number>> {
  const { items } = await face.json('GET', '/parties?limit=500')
  return new Map(items.map(({ name, id }) => [name, id]))
}

/** What companies are to the firm, and who looks after them. */
async function writeRoles(
  anna: Face,
  faces: readonly Face[],
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  for (const [at, { name, role }] of companies.entries()) {
    const id = ids.get(name)
    const owner = faces[at % faces.length]?.name
    if (id !== undefined) await anna.json('PATCH', `/parties/${id}`, { roles: [role], owner })
  }
  for (const person of makePeople().filter(({ company }) => !company)) {
    const id = ids.get(`${person.given} ${person.family}`)
    if (id !== undefined) await anna.json('PATCH', `/parties/${id}`, { roles: ['customer'] })
  }
}
