import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { card } from './objects.ts'
import { newName } from './programs.ts'
import { setUpVdirsyncer } from './vdirsyncer.ts'
import { stages } from './world.ts'

const newStage = stages()

const ada = `First name : Ada
Last name : Lovelace
Organisation : Analytical Engines
Phone :
    cell : "+49 170 1234567"
Email :
    work : ada@example.org
Note : likes numbers, and engines; both
`

/** khard over an address book that vdirsyncer keeps in step with the server. */
async function khardWorld() {
  const stage = await newStage()
  const name = newName('people')
  const path = await stage.dav.makeAddressBook(name)
  const vdirsyncer = await setUpVdirsyncer(stage.machine, stage.account, [
    { name: 'pim', type: 'carddav', collections: [name] },
  ])
  await vdirsyncer.discover()
  const configFile = join(stage.machine.home, 'khard.conf')
  const books = ['[addressbooks]', '[[people]]', `path = ${vdirsyncer.folder('pim', name)}`]
  const general = ['[general]', 'default_action = list', 'editor = /bin/true', 'merge_editor = /bin/true']
  await writeFile(configFile, `${[...books, ...general, '[vcard]', 'preferred_version = 3.0'].join('\n')}\n`)
  const khard = async (...args: readonly string[]) =>
    (await stage.machine.must('khard', ['-c', configFile, ...args], { input: 'y\n' })).stdout
  const template = join(stage.machine.home, 'contact.yaml')
  return {
    ...stage,
    path,
    khard,
    sync: () => vdirsyncer.sync(),
    fromTemplate: async (text: string, ...args: readonly string[]) => {
      await writeFile(template, text)
      return khard(...args.map((arg) => (arg === 'TEMPLATE' ? template : arg)))
    },
  }
}

describe('khard', () => {
  it('lists and shows what another device made', async () => {
    const { dav, path, khard, sync } = await khardWorld()
    const lines = ['EMAIL;TYPE=WORK:grace@example.org', 'TEL;TYPE=CELL:+1 202 555 0100', 'BDAY:1906-12-09']
    await dav.put(`${path}grace.vcf`, card(newName('grace'), 'Grace Höpper', ...lines))
    await dav.put(`${path}alan.vcf`, card(newName('alan'), 'Alan Turing'))
    await sync()
    const listed = await khard('list', '-p')
    expect(listed).toContain('Grace Höpper')
    expect(listed).toContain('Alan Turing')
    const shown = await khard('show', 'Grace')
    expect(shown).toContain('grace@example.org')
    expect(shown).toContain('+1 202 555 0100')
    expect(await khard('email', '-p', 'grace')).toContain('grace@example.org')
    expect(await khard('birthdays', '-p')).toContain('Grace Höpper')
  })

  it('makes a contact that another device reads', async () => {
    const { dav, path, fromTemplate, sync } = await khardWorld()
    await fromTemplate(ada, 'new', '-a', 'people', '-i', 'TEMPLATE')
    await sync()
    const [member, ...others] = await dav.members(path)
    expect(others).toEqual([])
    const body = await dav.get(encodeURI(member ?? ''))
    for (const text of ['FN:Ada Lovelace', 'N:Lovelace;Ada;;;', 'ada@example.org', '+49 170 1234567']) {
      expect(body).toContain(text)
    }
    expect(body).toContain('NOTE:likes numbers\\, and engines\\; both')
  })

  it('makes a contact that a text query on the server finds (RFC 6352 §8.6)', async () => {
    const { dav, path, fromTemplate, sync } = await khardWorld()
    await fromTemplate(ada, 'new', '-a', 'people', '-i', 'TEMPLATE')
    await sync()
    const found = async (property: string, text: string) => {
      const match = `<C:text-match collation="i;unicode-casemap" match-type="contains">${text}</C:text-match>`
      const filter = `<C:filter><C:prop-filter name="${property}">${match}</C:prop-filter></C:filter>`
      const body = `<C:addressbook-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:prop><D:getetag/></D:prop>${filter}</C:addressbook-query>`
      const headers = { Depth: '1', 'Content-Type': 'application/xml; charset=utf-8' }
      const answer = await dav.request('REPORT', path, { body, headers })
      expect(answer.status).toBe(207)
      return answer.body.includes('.vcf')
    }
    expect(await found('FN', 'LOVE')).toBe(true)
    expect(await found('EMAIL', 'Ada@')).toBe(true)
    expect(await found('FN', 'Hopper')).toBe(false)
  })

  it('changes a contact, keeping what it does not know, and the change arrives', async () => {
    const { dav, path, fromTemplate, khard, sync } = await khardWorld()
    await dav.put(`${path}ada.vcf`, card(newName('ada'), 'Ada Lovelace', 'X-PHONETIC-LAST-NAME:LUV-lace'))
    await sync()
    await fromTemplate(ada.replace('Analytical Engines', 'Royal Society'), 'edit', '-i', 'TEMPLATE', 'Ada')
    await sync()
    const body = await dav.get(`${path}ada.vcf`)
    expect(body).toContain('ORG:Royal Society')
    expect(body).toContain('X-PHONETIC-LAST-NAME:LUV-lace')
    expect(await khard('show', 'Ada')).toContain('Royal Society')
  })

  it('removes a contact, and it goes from the server', async () => {
    const { dav, path, khard, sync } = await khardWorld()
    await dav.put(`${path}ada.vcf`, card(newName('ada'), 'Ada Lovelace'))
    await dav.put(`${path}alan.vcf`, card(newName('alan'), 'Alan Turing'))
    await sync()
    await khard('remove', '--force', 'Ada')
    await sync()
    expect(await dav.members(path)).toEqual([`${path}alan.vcf`])
  })
})
