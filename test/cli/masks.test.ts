import { describe, expect, it } from 'vitest'
import { useProgram } from './program.ts'

const farley = useProgram()

describe('farley mask', () => {
  it('makes masks, gives them to accounts and groups, and lists who holds them', async () => {
    await farley.must(['user', 'add', 'alice', '--password-stdin'], { input: 'alice' })
    await farley.must(['group', 'add', 'sales'])
    await farley.must(['mask', 'add', 'private', '--hide', 'NOTE, TEL;TYPE=home'])
    await farley.must(['mask', 'add', 'work', '--only', 'TEL;TYPE=work,EMAIL'])
    await farley.must(['mask', 'give', 'private', 'sales'])
    await farley.must(['mask', 'give', 'private', 'alice'])
    expect(await farley.must(['mask', 'list'])).toEqual([
      'private\tNOTE,TEL;TYPE=home\t\talice,sales',
      'work\t\tTEL;TYPE=work,EMAIL',
    ])
    const refused = async (...words: string[]) => (await farley.run(words)).stderr
    expect(await refused('mask', 'add', 'bad', '--hide', 'UID')).toContain('"UID" is no rule')
    expect(await refused('mask', 'add', 'bad')).toContain('Say what is hidden')
    expect(await refused('mask', 'take', 'work', 'alice')).toContain('does not hold')
    await farley.must(['mask', 'add', 'work', '--only', 'EMAIL', '--books', 'alice/contacts'])
    expect((await farley.must(['mask', 'list']))[1]).toMatch(/^work\t\tEMAIL\t\t\d+$/)
    expect(await refused('mask', 'add', 'work', '--hide', 'NOTE', '--books', 'alice/none')).toContain('none')
    expect(await refused('mask', 'add', 'work', '--hide', 'NOTE', '--books', 'alice/calendar')).toContain(
      'no address book',
    )
    await farley.must(['mask', 'take', 'private', 'alice'])
    await farley.must(['mask', 'remove', 'work'])
    expect(await farley.must(['mask', 'list'])).toEqual(['private\tNOTE,TEL;TYPE=home\t\tsales'])
  })
})
