import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { card, event } from './objects.ts'
import { newName } from './programs.ts'
import { setUpVdirsyncer, type Vdirsyncer } from './vdirsyncer.ts'
import { type Stage, stages } from './world.ts'

const newStage = stages()

/** Two colleagues, each with a machine; the first has a calendar that the second may use. */
async function colleagues(access: string) {
  const owner = await newStage()
  const sharee = await newStage()
  const calendar = await owner.dav.makeCalendar('team')
  await share(owner, 'team', sharee, access)
  const name = `${owner.account.user}-team`
  const vdirsyncer = await setUpVdirsyncer(sharee.machine, sharee.account, [
    { name: 'pim', type: 'caldav', collections: [name], metadata: ['displayname'], conflict: 'a wins' },
  ])
  await vdirsyncer.discover()
  return { owner, sharee, calendar, name, vdirsyncer }
}

/** All that a person has of a collection, as files on her machine. */
async function textOf(vdirsyncer: Vdirsyncer, pair: string, name: string): Promise<string> {
  const files = await vdirsyncer.files(pair, name)
  return (await Promise.all(files.map((file) => vdirsyncer.read(pair, name, file)))).join('')
}

function share(owner: Stage, collection: string, sharee: Stage, access: string): Promise<string> {
  const words = ['share', 'add', owner.account.user, collection, sharee.account.user]
  return owner.farley(...words, '--access', access, '--accept')
}

describe('vdirsyncer: two accounts share a calendar', () => {
  it('finds it in the sharee’s own home and syncs both ways', async () => {
    const { owner, calendar, name, vdirsyncer } = await colleagues('read-write')
    const uid = newName('uid')
    await owner.dav.put(`${calendar}a.ics`, event(uid, 'Standup'))
    await vdirsyncer.sync()
    expect(await textOf(vdirsyncer, 'pim', name)).toContain('SUMMARY:Standup')
    const mine = newName('uid')
    await vdirsyncer.write('pim', name, `${mine}.ics`, event(mine, 'Lunch'))
    await vdirsyncer.sync()
    const bodies = await Promise.all(
      (await owner.dav.members(calendar)).map((path) => owner.dav.get(encodeURI(path))),
    )
    expect(bodies.join('')).toContain('SUMMARY:Lunch')
    await owner.dav.put(`${calendar}a.ics`, event(uid, 'Standup moved'))
    await vdirsyncer.sync()
    expect(await textOf(vdirsyncer, 'pim', name)).toContain('SUMMARY:Standup moved')
  })

  it('may not write where only reading is shared, and loses nothing of the owner’s', async () => {
    const { owner, calendar, name, vdirsyncer } = await colleagues('read')
    await owner.dav.put(`${calendar}a.ics`, event(newName('uid'), 'Standup'))
    await vdirsyncer.sync()
    const mine = newName('uid')
    await vdirsyncer.write('pim', name, `${mine}.ics`, event(mine, 'Lunch'))
    expect((await vdirsyncer.trySync()).code).not.toBe(0)
    expect(await owner.dav.members(calendar)).toEqual([`${calendar}a.ics`])
  })

  it('sees blocks of time and nothing else where free/busy is shared', async () => {
    const { owner, calendar, name, vdirsyncer } = await colleagues('free-busy')
    await owner.dav.put(`${calendar}secret.ics`, event(newName('uid'), 'Interview', 'LOCATION:Room 5'))
    await vdirsyncer.sync()
    const [file = '', ...others] = await vdirsyncer.files('pim', name)
    expect(others).toEqual([])
    const text = await vdirsyncer.read('pim', name, file)
    expect(text).toContain('BEGIN:VEVENT')
    expect(file + text).not.toMatch(/Interview|Room 5|secret/)
  })

  it('renames and colours it for herself alone', async () => {
    const { owner, calendar, sharee, name, vdirsyncer } = await colleagues('read')
    await writeFile(join(vdirsyncer.folder('pim', name), 'displayname'), 'My team')
    await vdirsyncer.metasync()
    const shown = async (stage: Stage, path: string) => stage.dav.property(path, 'DAV:', 'displayname')
    expect(await shown(sharee, `/dav/calendars/${sharee.account.user}/${name}/`)).toBe('My team')
    expect(await shown(owner, calendar)).not.toBe('My team')
  })

  it('has it no more once it is shared no more', async () => {
    const { owner, sharee, vdirsyncer } = await colleagues('read')
    await owner.farley('share', 'remove', owner.account.user, 'team', sharee.account.user)
    expect((await vdirsyncer.trySync()).code).not.toBe(0)
  })
})

describe('khal: two accounts share a calendar', () => {
  it('shows the sharee what the owner entered, and the owner what the sharee entered', async () => {
    const { owner, calendar, sharee, name, vdirsyncer } = await colleagues('read-write')
    await owner.dav.put(`${calendar}a.ics`, event(newName('uid'), 'Standup'))
    await vdirsyncer.sync()
    const configFile = join(sharee.machine.home, 'khal.conf')
    await writeFile(configFile, khalConfig(vdirsyncer.folder('pim', name), sharee.machine.home))
    const khal = async (...args: readonly string[]) =>
      (await sharee.machine.must('khal', ['-c', configFile, ...args])).stdout
    expect(await khal('list', '2026-03-02', '1d')).toContain('Standup')
    await khal('new', '-m', '15m', '2026-03-02', '12:00', '13:00', 'Lunch')
    await vdirsyncer.sync()
    const bodies = await Promise.all(
      (await owner.dav.members(calendar)).map((path) => owner.dav.get(encodeURI(path))),
    )
    expect(bodies.join('')).toContain('SUMMARY:Lunch')
    // The alarm is the sharee's own: it does not ring for the owner.
    expect(bodies.join('')).not.toContain('VALARM')
    await vdirsyncer.sync()
    expect(await textOf(vdirsyncer, 'pim', name)).toContain('VALARM')
  })
})

describe('vdirsyncer: two accounts share an address book', () => {
  it('syncs both ways', async () => {
    const owner = await newStage()
    const sharee = await newStage()
    await share(owner, 'contacts', sharee, 'no-delete')
    const name = `${owner.account.user}-contacts`
    const vdirsyncer = await setUpVdirsyncer(sharee.machine, sharee.account, [
      { name: 'people', type: 'carddav', collections: [name] },
    ])
    await vdirsyncer.discover()
    const book = `/dav/addressbooks/${owner.account.user}/contacts/`
    await owner.dav.put(`${book}a.vcf`, card(newName('uid'), 'Ada Lovelace'))
    await vdirsyncer.sync()
    expect(await textOf(vdirsyncer, 'people', name)).toContain('Ada Lovelace')
    const mine = newName('uid')
    await vdirsyncer.write('people', name, `${mine}.vcf`, card(mine, 'Grace Hopper'))
    await vdirsyncer.sync()
    expect(await owner.dav.members(book)).toHaveLength(2)
  })
})

function khalConfig(folder: string, home: string): string {
  const lines = ['[calendars]', '[[team]]', `path = ${folder}`, 'type = calendar', '[locale]']
  lines.push('local_timezone = Europe/Berlin', 'default_timezone = Europe/Berlin', 'timeformat = %H:%M')
  lines.push('dateformat = %Y-%m-%d', 'longdateformat = %Y-%m-%d', 'datetimeformat = %Y-%m-%d %H:%M')
  lines.push('longdatetimeformat = %Y-%m-%d %H:%M', '[default]', 'default_calendar = team')
  lines.push('[sqlite]', `path = ${join(home, 'khal.db')}`)
  return `${lines.join('\n')}\n`
}
