import { describe, expect, it } from 'vitest'
import { createClient } from '../dav/client.ts'
import { card } from '../dav/objects.ts'
import { useProgram } from './program.ts'

const farley = useProgram()

describe('farley held', () => {
  it('lists, shows, applies and drops edits that were refused (RFC 9110 §13.1.1)', async () => {
    await farley.must(['user', 'add', 'alice', '--password-stdin'], { input: 'a good password' })
    const add = ['app-password', 'add', 'alice', '--label', 'iPhone', '--device', 'apple']
    const [secret = ''] = await farley.must(add)
    const serving = await farley.serve()
    const phone = createClient(serving.url, { name: 'alice', password: secret })
    const book = '/dav/addressbooks/alice/contacts/'
    const { etag = '' } = (await phone.put(`${book}u.vcf`, card('u', 'Ann Doe', ['X-OWN:1', 'TEL:1'])))
      .headers
    await phone.put(`${book}u.vcf`, card('u', 'Ann Doe', ['TEL:1', 'NOTE:web']))
    const late = await phone.put(`${book}u.vcf`, 'rubbish', { 'If-Match': etag })
    expect(late.status).toBe(403)
    const edited = await phone.put(`${book}u.vcf`, card('u', 'Ann Doe', ['TEL:2']), { 'If-Match': etag })
    expect(edited.status).toBe(412)
    const held = (await farley.must(['held', 'list', 'alice'])).map((line) => line.split('\t'))
    expect(held.map((cells) => cells.slice(2, 5))).toEqual([
      ['contacts/u.vcf', '412 precondition-failed', 'iPhone'],
      ['contacts/u.vcf', '403 valid-address-data', 'iPhone'],
    ])
    const [[merged = ''] = [], [broken = ''] = []] = held
    expect(await farley.must(['held', 'show', 'alice', merged])).toEqual(
      expect.arrayContaining(['VCARD/TEL', '- TEL:1', '+ TEL:2', '- NOTE:web']),
    )
    expect((await farley.must(['held', 'show', 'alice', merged, '--body'])).join('\n')).toContain('TEL:2')
    expect(await farley.must(['held', 'apply', 'alice', merged])).toEqual([
      `The edit ${merged} was applied: updated.`,
    ])
    const { text } = await phone.get(`${book}u.vcf`)
    expect(text).toContain('TEL:2')
    expect(text).toContain('NOTE:web')
    expect(await farley.run(['held', 'apply', 'alice', broken])).toMatchObject({ code: 1 })
    await farley.must(['held', 'drop', 'alice', broken])
    expect(await farley.run(['held', 'drop', 'alice', broken])).toMatchObject({ code: 1 })
    expect(await farley.run(['held', 'show', 'alice', '1x'])).toMatchObject({ code: 1 })
    expect(await farley.must(['held', 'list', 'alice'])).toEqual([])
    expect(await serving.stop()).toBe(0)
  })
})
