import { describe, expect, it } from 'vitest'
import { createClient } from '../dav/client.ts'
import { card } from '../dav/objects.ts'
import { useProgram } from './program.ts'

const farley = useProgram()

describe('farley history and undo', () => {
  it('show what a card was and what was sent, and make it so again', async () => {
    await farley.must(['user', 'add', 'alice', '--password-stdin'], { input: 'a good password' })
    const add = ['app-password', 'add', 'alice', '--label', 'iPhone', '--device', 'apple']
    const [secret = ''] = await farley.must(add)
    const serving = await farley.serve()
    const alice = createClient(serving.url, { name: 'alice', password: 'a good password' })
    const phone = createClient(serving.url, { name: 'alice', password: secret })
    const path = '/dav/addressbooks/alice/contacts/u.vcf'
    const { etag = '' } = (await alice.put(path, card('u', 'Ann Doe', ['X-OWN:1', 'TEL:1']))).headers
    const from = new Date(Date.now() + 1).toISOString()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect((await phone.get(path)).status).toBe(200)
    await phone.put(path, card('u', 'Ann Doe', ['TEL:2']), { 'If-Match': etag })
    const listed = (await farley.must(['history', 'alice', 'contacts/u.vcf'])).map((line) => line.split('\t'))
    expect(listed.map(([, , ...cells]) => cells)).toEqual([
      ['updated', 'alice', 'iPhone', 'phone changed; something else was sent'],
      ['created', 'alice', 'client'],
    ])
    const [[newest = ''] = [], [oldest = ''] = []] = listed
    expect(await farley.must(['history', 'alice', '--uid', 'u'])).toHaveLength(2)
    const show = ['history', 'show', 'alice', '--uid', 'u', '--revision', newest]
    const shown = await farley.must(show)
    expect(shown).toEqual(expect.arrayContaining(['VCARD/TEL', '- TEL:1', '+ TEL:2', '+ X-OWN:1']))
    expect((await farley.must([...show, '--sent'])).join('\n')).not.toContain('X-OWN')
    const restore = ['history', 'restore', 'alice', 'contacts/u.vcf', '--revision', oldest]
    expect(await farley.must([...restore, '--field', 'VCARD/TEL'])).toEqual(['It was updated.'])
    expect((await alice.get(path)).text).toContain('TEL:1')
    expect(await farley.must(restore)).toEqual(['It is so already.'])
    expect(await farley.run(['history', 'alice', 'contacts/none.vcf'])).toMatchObject({ code: 1 })

    await phone.delete(path)
    const device = (await farley.must(['app-password', 'list', 'alice']))[0]?.split('\t')[0] ?? ''
    const undo = ['undo', 'alice', '--device', device, '--from', from]
    expect((await farley.must([...undo, '--dry-run'])).at(-1)).toMatch(/^1 brought back, 0 as before/)
    expect((await alice.get(path)).status).toBe(404)
    expect((await farley.must(undo)).at(-1)).toMatch(/^1 brought back, .*\(undo \d+\)$/)
    expect((await alice.get(path)).text).toBe(card('u', 'Ann Doe', ['X-OWN:1', 'TEL:1']))
    expect(await farley.run(['undo', 'alice', '--device', '999', '--from', from])).toMatchObject({ code: 1 })
    expect(await farley.run(['undo', 'alice', '--device', device])).toMatchObject({ code: 2 })
    expect(await serving.stop()).toBe(0)
  })
})
