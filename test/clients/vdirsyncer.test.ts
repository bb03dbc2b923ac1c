import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { card, crlf, event, sameLines } from './objects.ts'
import { newName } from './programs.ts'
import { type Pair, setUpVdirsyncer } from './vdirsyncer.ts'
import { type Stage, stages } from './world.ts'

const newStage = stages()

/** A calendar or an address book: the two kinds vdirsyncer treats alike. */
const kinds = [
  {
    type: 'caldav',
    extension: '.ics',
    make: (stage: Stage, name: string) => stage.dav.makeCalendar(name),
    item: (uid: string, text: string) => event(uid, text, 'X-KEPT;X-PARAM="a;b":kept as sent'),
  },
  {
    type: 'carddav',
    extension: '.vcf',
    make: (stage: Stage, name: string) => stage.dav.makeAddressBook(name),
    item: (uid: string, text: string) =>
      card(uid, text, 'item1.TEL:+49 30 1234', 'item1.X-ABLabel:_$!<Home>!$_'),
  },
] as const

type Kind = (typeof kinds)[number]

/** A collection with one item on the server, synchronised to a folder. */
async function synchronised(kind: Kind, more: Partial<Pair> = {}) {
  const stage = await newStage()
  const name = newName('shelf')
  const path = await kind.make(stage, name)
  const uid = newName('first')
  const file = `${uid}${kind.extension}`
  await stage.dav.put(`${path}${file}`, kind.item(uid, 'Ada Lovelace'))
  const pairs: Pair[] = [{ name: 'pim', type: kind.type, collections: [name], ...more }]
  const vdirsyncer = await setUpVdirsyncer(stage.machine, stage.account, pairs)
  await vdirsyncer.discover()
  await vdirsyncer.sync()
  return { ...stage, vdirsyncer, name, path, uid, file }
}

/** The person deletes a file. */
function deleteFile(folder: string, file: string) {
  return rm(join(folder, file))
}

describe('vdirsyncer discovery (RFC 6764, RFC 5397, VDS)', () => {
  it('finds the collections of a new account from the root address', async () => {
    const { account, machine, isFarley } = await newStage()
    const vdirsyncer = await setUpVdirsyncer(machine, account, [
      { name: 'events', type: 'caldav', collections: ['from b'] },
      { name: 'people', type: 'carddav', collections: ['from b'] },
    ])
    const { stderr } = await vdirsyncer.discover()
    expect(stderr).not.toContain('error')
    if (!isFarley) return
    await vdirsyncer.sync()
    expect(await vdirsyncer.files('events', 'calendar')).toEqual([])
    expect(await vdirsyncer.files('events', 'tasks')).toEqual([])
    expect(await vdirsyncer.files('people', 'contacts')).toEqual([])
  })

  it.each(kinds)('finds a $type collection from the well-known address', async (kind) => {
    const stage = await newStage()
    const name = newName('shelf')
    const path = await kind.make(stage, name)
    const uid = newName('uid')
    await stage.dav.put(`${path}${uid}${kind.extension}`, kind.item(uid, 'Ada Lovelace'))
    const url = `${stage.account.url}/.well-known/${kind.type}`
    const pairs: Pair[] = [{ name: 'pim', type: kind.type, collections: [name], url, isReadOnly: true }]
    const vdirsyncer = await setUpVdirsyncer(stage.machine, stage.account, pairs)
    await vdirsyncer.discover()
    await vdirsyncer.sync()
    expect(await vdirsyncer.files('pim', name)).toEqual([`${uid}${kind.extension}`])
  })

  it('is refused with a wrong password and makes nothing', async () => {
    const { account, machine } = await newStage()
    const pairs: Pair[] = [{ name: 'pim', type: 'caldav', collections: ['from b'] }]
    const vdirsyncer = await setUpVdirsyncer(machine, { ...account, password: 'wrong' }, pairs)
    await expect(vdirsyncer.discover()).rejects.toThrow(/401|nauthorized/)
  })
})

describe.each(kinds)('vdirsyncer and a $type collection, both ways', (kind) => {
  it('fetches what another device made, as it was sent', async () => {
    const { vdirsyncer, name, file, uid } = await synchronised(kind)
    expect(await vdirsyncer.files('pim', name)).toEqual([file])
    expect(sameLines(await vdirsyncer.read('pim', name, file))).toBe(
      sameLines(kind.item(uid, 'Ada Lovelace')),
    )
  })

  it('sends a new file, and another device reads it', async () => {
    const { vdirsyncer, name, dav, path } = await synchronised(kind)
    const uid = newName('second')
    const text = kind.item(uid, 'Grace Höpper 🚢')
    await vdirsyncer.write('pim', name, `some-file${kind.extension}`, text)
    await vdirsyncer.sync()
    expect(await dav.members(path)).toContain(`${path}${uid}${kind.extension}`)
    expect(sameLines(await dav.get(`${path}${uid}${kind.extension}`))).toBe(sameLines(text))
  })

  it('carries changes of either side over, then finds nothing to do', async () => {
    const { vdirsyncer, name, dav, path, uid, file } = await synchronised(kind)
    await vdirsyncer.write('pim', name, file, kind.item(uid, 'Ada King'))
    await vdirsyncer.sync()
    expect(await dav.get(`${path}${file}`)).toContain('Ada King')
    await dav.put(`${path}${file}`, kind.item(uid, 'Augusta King'))
    await vdirsyncer.sync()
    expect(await vdirsyncer.read('pim', name, file)).toContain('Augusta King')
    const { stdout, stderr } = await vdirsyncer.sync()
    expect(stdout + stderr).not.toMatch(/Copying|Deleting/)
  })

  it('carries deletions of either side over', async () => {
    const { vdirsyncer, name, dav, path, file } = await synchronised(kind)
    const extra = ['one', 'two', 'three'].map((stem) => newName(stem))
    for (const uid of extra) await dav.put(`${path}${uid}${kind.extension}`, kind.item(uid, 'Extra Person'))
    await vdirsyncer.sync()
    expect(await vdirsyncer.files('pim', name)).toHaveLength(4)
    await dav.remove(`${path}${extra[0]}${kind.extension}`)
    await deleteFile(vdirsyncer.folder('pim', name), `${extra[1]}${kind.extension}`)
    await vdirsyncer.sync()
    const left = [file, `${extra[2]}${kind.extension}`].sort()
    expect(await vdirsyncer.files('pim', name)).toEqual(left)
    expect(await dav.members(path)).toEqual(left.map((member) => path + member))
  })

  it('empties the collection when told to', async () => {
    const { vdirsyncer, name, dav, path, file } = await synchronised(kind)
    await deleteFile(vdirsyncer.folder('pim', name), file)
    expect((await vdirsyncer.trySync()).code).not.toBe(0)
    await vdirsyncer.sync('--force-delete')
    expect(await dav.members(path)).toEqual([])
  })

  it('brings a deleted item back under the same name and UID', async () => {
    const { vdirsyncer, name, dav, path, uid, file } = await synchronised(kind)
    const other = newName('other')
    await dav.put(`${path}${other}${kind.extension}`, kind.item(other, 'Other Person'))
    await vdirsyncer.sync()
    await deleteFile(vdirsyncer.folder('pim', name), file)
    await vdirsyncer.sync()
    await vdirsyncer.write('pim', name, file, kind.item(uid, 'Ada Again'))
    await vdirsyncer.sync()
    expect(await dav.get(`${path}${file}`)).toContain('Ada Again')
  })

  it('reads members whose names and UIDs need percent-encoding', async () => {
    const { vdirsyncer, name, dav, path } = await synchronised(kind)
    const odd = [newName('a:b@c'), newName('käse & brot'), newName("50%+1'(x)"), newName('a,b;c=d')]
    for (const uid of odd) {
      await dav.put(`${path}${encodeURIComponent(uid)}${kind.extension}`, kind.item(uid, 'Odd Name'))
    }
    await vdirsyncer.sync()
    expect(await vdirsyncer.files('pim', name)).toHaveLength(odd.length + 1)
    const files = await vdirsyncer.files('pim', name)
    for (const file of files) {
      const text = await vdirsyncer.read('pim', name, file)
      await vdirsyncer.write('pim', name, file, text.replace('Odd Name', 'Odd Change'))
    }
    await vdirsyncer.sync()
    for (const uid of odd) {
      expect(await dav.get(`${path}${encodeURIComponent(uid)}${kind.extension}`)).toContain('Odd Change')
    }
    expect(await dav.members(path)).toHaveLength(odd.length + 1)
  })

  it('moves two hundred items without losing one', async () => {
    const { vdirsyncer, name, dav, path } = await synchronised(kind)
    const stem = newName('many')
    for (let n = 0; n < 200; n += 1) {
      await vdirsyncer.write(
        'pim',
        name,
        `${stem}-${n}${kind.extension}`,
        kind.item(`${stem}-${n}`, `Number ${n}`),
      )
    }
    await vdirsyncer.sync()
    expect(await dav.members(path)).toHaveLength(201)
    const { stdout, stderr } = await vdirsyncer.sync()
    expect(stdout + stderr).not.toMatch(/Copying|Deleting/)
  })
})

describe.each(kinds)('vdirsyncer and a conflict in a $type collection (RFC 9110 §13.1.1)', (kind) => {
  async function conflicting(more: Partial<Pair>) {
    const world = await synchronised(kind, more)
    const { vdirsyncer, name, dav, path, uid, file } = world
    await vdirsyncer.write('pim', name, file, kind.item(uid, 'Written Here'))
    await dav.put(`${path}${file}`, kind.item(uid, 'Written There'))
    return world
  }

  it('is reported, and neither side is overwritten', async () => {
    const { vdirsyncer, name, dav, path, file } = await conflicting({})
    const ended = await vdirsyncer.trySync()
    expect(ended.code).not.toBe(0)
    expect(ended.stdout + ended.stderr).toMatch(/conflict/i)
    expect(await vdirsyncer.read('pim', name, file)).toContain('Written Here')
    expect(await dav.get(`${path}${file}`)).toContain('Written There')
  })

  it('ends with the side that is to win, on both sides', async () => {
    const here = await conflicting({ conflict: 'a wins' })
    await here.vdirsyncer.sync()
    expect(await here.dav.get(`${here.path}${here.file}`)).toContain('Written Here')
    const there = await conflicting({ conflict: 'b wins' })
    await there.vdirsyncer.sync()
    expect(await there.vdirsyncer.read('pim', there.name, there.file)).toContain('Written There')
  })
})

describe('vdirsyncer makes collections (RFC 5689 §3, VDS-05)', () => {
  it.each(kinds)('makes a $type collection that exists as a folder only', async (kind) => {
    const { account, machine, dav } = await newStage()
    const name = newName('made-here')
    const pairs: Pair[] = [{ name: 'pim', type: kind.type, collections: ['from a'] }]
    const vdirsyncer = await setUpVdirsyncer(machine, account, pairs)
    const uid = newName('uid')
    await vdirsyncer.write('pim', name, `${uid}${kind.extension}`, kind.item(uid, 'Ada Lovelace'))
    await vdirsyncer.discover()
    await vdirsyncer.sync()
    const path = `${await dav.home(kind.type)}${name}/`
    expect(await dav.members(path)).toEqual([`${path}${uid}${kind.extension}`])
  })

  it('puts events and tasks into a calendar it made', async () => {
    const { account, machine, dav } = await newStage()
    const name = newName('mixed')
    const pairs: Pair[] = [{ name: 'pim', type: 'caldav', collections: ['from a'] }]
    const vdirsyncer = await setUpVdirsyncer(machine, account, pairs)
    await vdirsyncer.write('pim', name, 'event.ics', event(newName('event'), 'Standup'))
    const uid = newName('task')
    const todo = ['BEGIN:VTODO', `UID:${uid}`, 'DTSTAMP:20260101T000000Z', 'SUMMARY:Buy milk', 'END:VTODO']
    const text = crlf('BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Example//EN', ...todo, 'END:VCALENDAR')
    await vdirsyncer.write('pim', name, 'task.ics', text)
    await vdirsyncer.discover()
    await vdirsyncer.sync()
    expect(await dav.members(`${await dav.home('caldav')}${name}/`)).toHaveLength(2)
  })
})

describe('vdirsyncer metasync (RFC 4918 §9.2)', () => {
  const apple = 'http://apple.com/ns/ical/'

  it('carries colour and name of a calendar to the server', async () => {
    const { vdirsyncer, name, dav, path } = await synchronised(kinds[0], {
      metadata: ['color', 'displayname'],
      conflict: 'a wins',
    })
    await vdirsyncer.write('pim', name, 'color', '#AA5500')
    await vdirsyncer.write('pim', name, 'displayname', 'Büro & <Heim>')
    await vdirsyncer.metasync()
    expect(await dav.property(path, apple, 'calendar-color')).toMatch(/^#AA5500(FF)?$/i)
    expect(await dav.property(path, 'DAV:', 'displayname')).toBe('Büro & <Heim>')
  })

  it('carries colour and name of a calendar from the server', async () => {
    const { vdirsyncer, name, dav, path } = await synchronised(kinds[0], {
      metadata: ['color', 'displayname'],
      conflict: 'b wins',
    })
    await dav.setProperty(path, `<calendar-color xmlns="${apple}">#0055AA</calendar-color>`)
    await dav.setProperty(path, '<displayname>Käse &amp; Brot</displayname>')
    await vdirsyncer.metasync()
    expect(await vdirsyncer.read('pim', name, 'color')).toBe('#0055AA')
    expect(await vdirsyncer.read('pim', name, 'displayname')).toBe('Käse & Brot')
  })

  it('carries the name of an address book both ways', async () => {
    const { vdirsyncer, name, dav, path } = await synchronised(kinds[1], {
      metadata: ['displayname'],
      conflict: 'a wins',
    })
    await vdirsyncer.write('pim', name, 'displayname', 'Friends')
    await vdirsyncer.metasync()
    expect(await dav.property(path, 'DAV:', 'displayname')).toBe('Friends')
    await dav.setProperty(path, '<displayname>Family</displayname>')
    await vdirsyncer.metasync()
    expect(await vdirsyncer.read('pim', name, 'displayname')).toBe('Family')
  })
})
