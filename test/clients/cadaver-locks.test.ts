import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { event } from './objects.ts'
import { newName } from './programs.ts'
import { stages } from './world.ts'

const newStage = stages()

/** cadaver in a calendar of its own, with one event in it. */
async function cadaverWorld() {
  const stage = await newStage()
  const { account, machine, dav } = stage
  const path = await dav.makeCalendar(newName('locks'))
  await dav.put(`${path}a.ics`, event(newName('uid'), 'Dentist'))
  const { hostname } = new URL(account.url)
  const login = `machine ${hostname}\nlogin ${account.user}\npassword ${account.password}\n`
  await writeFile(join(machine.home, '.netrc'), login, { mode: 0o600 })
  const file = join(machine.home, 'changed.ics')
  await writeFile(file, (await dav.get(`${path}a.ics`)).replace('Dentist', 'Oculist'))
  const cadaver = async (...commands: readonly string[]): Promise<string> => {
    const input = [`open ${account.url}${path}`, ...commands, 'quit', ''].join('\n')
    return (await machine.must('cadaver', [], { input })).stdout
  }
  return { dav, path, file, cadaver, text: () => dav.get(`${path}a.ics`) }
}

describe('cadaver', () => {
  it('locks an event, changes and unlocks it, and others cannot meanwhile', async () => {
    const { cadaver, file, text } = await cadaverWorld()
    const said = await cadaver('lock a.ics', 'discover a.ics', `put ${file} a.ics`)
    expect(said).toContain("Locking `a.ics': succeeded")
    expect(said).toMatch(/Lock token <urn:uuid:[0-9a-f-]+>:\s+Depth 0 on `http:.*a\.ics'\s+Scope: exclusive/)
    expect(await text()).toContain('Oculist')
    expect(await cadaver(`put ${file} a.ics`, 'delete a.ics')).toMatch(/423 Locked[\s\S]*423 Locked/)
    const stolen = await cadaver('steal a.ics', `put ${file} a.ics`, 'unlock a.ics', 'discover a.ics')
    expect(stolen).toContain("Unlocking `a.ics': succeeded")
    expect(stolen).toContain('no locks found')
  })

  it('locks a collection with all that is in it, and moves inside', async () => {
    const { cadaver, file, dav, path } = await cadaverWorld()
    const said = await cadaver(
      'set lockdepth infinity',
      'lock .',
      `put ${file} a.ics`,
      'move a.ics b.ics',
      'discover b.ics',
      'unlock .',
    )
    expect(said).not.toMatch(/failed/)
    expect(said).toContain('Depth infinity')
    expect(await dav.get(`${path}b.ics`)).toContain('Oculist')
  })
})
