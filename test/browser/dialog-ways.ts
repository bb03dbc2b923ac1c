import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { call } from '../api/json.ts'
import type { Client } from '../dav/client.ts'
import { card } from '../dav/objects.ts'
import type { Ids } from './pages.ts'

export type Step = string | RegExp | { readonly tick: RegExp } | { readonly key: string }

/** What leads to a dialog, a menu or a panel: an address, and the buttons from there on. */
export interface Way {
  readonly path: string
  readonly steps: readonly Step[]
  /** The files that open something on this way, without their ending. */
  readonly of: readonly string[]
}

/** What the ways lead to besides what pages show. */
export interface Things {
  readonly list: number
}

/** Somebody with a friend, a note and a document; two who are one; another address book. */
export async function fillThings(anna: Client, { person }: Ids): Promise<Things> {
  const note = { kind: 'note', html: 'Wants oak.', parties: [person], at: new Date().toISOString() }
  await call(anna, 'POST', '/activities', note)
  const headers = { 'Content-Type': 'application/octet-stream' }
  await anna.request('POST', `/api/parties/${person}/files?name=Offer.txt`, { headers, body: 'Oak' })
  const same = ['EMAIL:max@mustermann.example', 'TEL:+49 30 1234567']
  for (const name of ['one', 'two'])
    await anna.put(
      `/dav/addressbooks/anna/contacts/${name}.vcf`,
      card(name, 'Max Mustermann', [...same, `NOTE:${name}`]),
    )
  const book =
    '<resourcetype><collection/><addressbook xmlns="urn:ietf:params:xml:ns:carddav"/></resourcetype>'
  await anna.request('MKCOL', '/dav/addressbooks/anna/second/', {
    headers: { 'Content-Type': 'application/xml' },
    body: `<mkcol xmlns="DAV:"><set><prop>${book}</prop></set></mkcol>`,
  })
  await call(anna, 'POST', `/parties/${person}/relations`, { type: 'friend', name: 'Max' })
  for (const label of ['Shoe size', ...Array.from({ length: 8 }, (_, n) => `Field ${n}`)])
    await call(anna, 'POST', '/fields', { label, type: 'number' })
  const { lists } = (await call(anna, 'GET', '/lists')).json
  return { list: lists.find(({ name }: { name: string }) => name === 'Suppliers').id }
}

/** Each of them, from the pages that `fillFirm` fills. */
export function ways({ person, home, import: file, device }: Ids, { list }: Things): readonly Way[] {
  const found: Way[] = []
  const to = (of: string | readonly string[], path: string, ...steps: readonly Step[]): void => {
    found.push({ path, steps, of: typeof of === 'string' ? [of] : of })
  }
  ofContacts(to, list)
  ofPerson(to, `/contacts/${person}`)
  ofCalendar(to)
  ofFiles(to, `/files/home/${home}`, `/contacts/${person}`)
  to('duplicates/merge-dialog', '/duplicates', /^Compare and merge/)
  to('import/items/item-preview', `/import/${file}`, 'Noor Nobody')
  to('ui/confirm', `/account/devices/${device}`, 'Revoke')
  ofFields(to)
  ofAdmin(to)
  return found
}

type To = (of: string | readonly string[], path: string, ...steps: readonly Step[]) => void

function ofContacts(to: To, list: number): void {
  to('commands/command-menu', '/contacts', 'Search and commands')
  to('ui/keys-help', '/contacts', { key: '?' })
  to('ui/navigation', '/contacts', 'More')
  to('contacts/list/new-party', '/contacts', 'New person or company')
  to('contacts/contacts-page', '/contacts', 'Books, lists and labels')
  const sides = (of: string, step: Step): void =>
    to(['contacts/contacts-page', of], '/contacts', 'Books, lists and labels', step)
  sides('books/book-dialog', 'New address book')
  sides('books/book-actions', /^What to do with “/)
  to('contacts/list/toolbar', '/contacts', 'Sort by')
  const listed = `/contacts?list=${list}`
  to(
    ['contacts/filter/list-menu', 'contacts/filter/list-dialog'],
    listed,
    'What to do with this list',
    'Name and colour',
  )
  to(['contacts/filter/list-menu', 'sharing/share-dialog'], listed, 'What to do with this list', 'Share')
  to(['contacts/filter/list-menu', 'ui/confirm'], listed, 'What to do with this list', 'Remove the list')
  to(['contacts/filter/list-menu', 'things/thing-history'], listed, 'What to do with this list', 'History')
  const filter = encodeURIComponent(JSON.stringify({ all: [{ field: 'city', op: 'is', text: 'Ilkley' }] }))
  to('contacts/filter/save-list', `/contacts?filter=${filter}`, 'Save as a list')
  const ticked = { tick: /^Select/ }
  for (const name of ['Add a label', 'Remove a label', 'Roles', 'Who looks after them'])
    to('contacts/bulk/bulk-panels', '/contacts', ticked, name)
  to('contacts/bulk/book-menu', '/contacts', ticked, 'Address book')
  to('contacts/bulk/export-menu', '/contacts', ticked, /^Export/)
}

function ofPerson(to: To, page: string): void {
  const menu = 'person/header/person-menu'
  for (const item of ['Edit name', 'Photo', 'Labels, roles, owner', 'Show as QR code'])
    to([menu, 'person/dialog'], page, 'More actions', item)
  to([menu, 'sharing/share-dialog'], page, 'More actions', 'Share')
  to([menu, 'consents/erase-dialog'], page, 'More actions', /^Erase for good/)
  to('person/card/add-value', page, 'Add')
  to('person/fields/custom-fields', page, /^\d+ more$/)
  to('books/place-actions', page, /^Move or copy from/)
  to('person/beside/fact-tools', page, /^More about/)
  to(['touch/keep-in-touch', 'touch/own-rhythm'], page, 'Remind me', 'Other…')
  to('person/timeline/activity-tools', `${page}?tab=timeline`, /^Actions for/, 'Edit')
  to('person/timeline/activity-tools', `${page}?tab=timeline`, /^Actions for/, 'Who sees it')
}

function ofCalendar(to: To): void {
  to('calendar/event-form', '/calendar', 'New event')
  const settings = (of: string, ...steps: Step[]) => to(['calendar/calendar-page', of], '/calendar', ...steps)
  settings('calendar/settings/calendar-dialog', 'Calendars', 'New calendar')
  settings('calendar/settings/subscribe-dialog', 'Calendars', 'Follow a calendar')
  settings('calendar/settings/calendar-dialog', 'Calendars', /^Settings of /)
  const weekly = /Who does what this week/
  to('calendar/event-panel', '/calendar?view=list', weekly)
  to('calendar/scope', '/calendar?view=list', weekly, 'Delete')
  to('things/object-history', '/calendar?view=list', weekly, 'History')
  to('tasks/task-form', '/tasks', /^(?!Complete|Actions|Parts).*\d{4}/)
  to(['tasks/task-row', 'things/object-history'], '/tasks', /^Actions for/, 'History')
}

function ofFiles(to: To, home: string, page: string): void {
  to('files/name-dialog', '/files', 'New folder')
  const row = 'files/file-row'
  to([row, 'files/name-dialog'], home, 'Actions for Plans', 'Rename')
  to([row, 'files/move-dialog'], home, 'Actions for Plans', 'Move')
  to([row, 'files/shares-dialog'], home, 'Actions for Plans', 'Share')
  to('person/dialog', `${page}?tab=documents`, 'Offer.txt')
}

function ofFields(to: To): void {
  to('fields/define/new-field', '/fields', 'New field')
  const row = 'fields/define/field-row'
  to([row, 'fields/define/edit-field'], '/fields', 'Actions for Shoe size', 'Edit')
  to([row, 'things/thing-history'], '/fields', 'Actions for Shoe size', 'History')
  to([row, 'ui/confirm'], '/fields', 'Actions for Shoe size', 'Delete')
  to('fields/labels/label-dialog', '/fields/labels', /^Edit /)
  to('fields/color-field', '/fields/labels', /^Edit /, /^Colour/)
}

function ofAdmin(to: To): void {
  to('admin/accounts/new-account', '/admin/accounts', 'Add an account')
  to('admin/edited', '/admin/accounts', /^Edit Ben/)
  to('admin/accounts/remove-account', '/admin/accounts', /^Edit Ben/, 'Remove…')
  to('admin/people/new-named', '/admin/groups', 'Add a group')
  to('admin/edited', '/admin/groups', /^Edit /)
  to('admin/people/new-named', '/admin/rooms', 'Add a room')
  to('admin/roles/mask-dialog', '/admin/roles', 'Add a mask')
  to('admin/roles/role-dialog', '/admin/roles', 'Add a role')
}

/** What other tests open, and look at with axe. */
export const elsewhere: Readonly<Record<string, string>> = {
  'admin/accounts/link-shown': 'admin.test.ts',
  'admin/removed/for-good': 'admin.test.ts',
  'admin/removed/other-name': 'admin.test.ts',
  'calendar/board/month-list': 'calendar-many.test.ts',
  'calendar/settings/birthdays': 'followed.test.ts',
  'files/one/file-drawer': 'files.test.ts',
  'import/move/move-actions': 'move.test.ts',
  'ui/conflict': 'person-edit.test.ts',
}

/** The files of the app that open something over the page. */
export function openers(): string[] {
  const web = fileURLToPath(new URL('../../src/web/', import.meta.url))
  const pattern = /<(?:Modal|Drawer|(?:Form|Question)?Dialog|SidePanel|Menu|Popover|HoverCard)\b(?!\.)[\s>]/
  return readdirSync(web, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tsx') && !file.startsWith('ui/dialog/'))
    .filter((file) => pattern.test(readFileSync(join(web, file), 'utf8')))
    .map((file) => file.replace(/\.tsx$/, ''))
}
