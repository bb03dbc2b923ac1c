import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { card } from '../dav/objects.ts'
import { useProgram } from './program.ts'

const farley = useProgram()
const must = (...words: readonly string[]) => farley.must(['birthdays', ...words])

describe('farley birthdays', { timeout: 120_000 }, () => {
  it('makes a calendar, whose events follow what other commands store; lists it, and takes it away', async () => {
    await farley.must(['user', 'add', 'jane'])
    const file = join(farley.data, 'cards.vcf')
    writeFileSync(file, card('a', 'Ann Other', ['BDAY:1980-03-22']))
    await farley.must(['import', 'jane', file])
    expect(await must('on', 'jane', '--alarms', '9:00')).toEqual([
      'The birthdays of contacts are in birthdays: 1 events.',
    ])
    writeFileSync(file, card('b', 'Bob Other', ['BDAY:--0322', 'X-ANNIVERSARY:2000-01-01']))
    await farley.must(['import', 'jane', file])
    expect(await must('list', 'jane')).toEqual(['contacts\tbirthdays\t3\t09:00'])
    expect(await must('on', 'jane', '--name', 'Feste', '--alarms', '')).toEqual([
      'The birthdays of contacts are in birthdays: 3 events.',
    ])
    expect(await must('list', 'jane')).toEqual(['contacts\tbirthdays\t3'])
    expect(await must('off', 'jane')).toEqual(['The birthdays of contacts have no calendar any more.'])
    expect(await must('list', 'jane')).toEqual([])
    expect(await farley.must(['trash', 'list', 'jane'])).toEqual([])
  })

  it('says what is wrong with what it is given', async () => {
    await farley.must(['user', 'add', 'kim'])
    const wrong: readonly (readonly [readonly string[], number, string])[] = [
      [['on'], 2, 'Missing: the NAME of the account.'],
      [['on', 'nobody'], 1, 'nobody'],
      [['on', 'kim', '--book', 'other'], 1, 'has no collection "other"'],
      [['on', 'kim', '--book', 'calendar'], 1, 'is no address book'],
      [['on', 'kim', '--alarms', 'soon'], 1, 'Say when to remind as 09:00'],
      [['on', 'kim', '--other-dates', 'maybe'], 2, 'Give --other-dates as yes or no.'],
      [['off', 'kim'], 1, 'The birthdays of "contacts" have no calendar.'],
    ]
    for (const [words, code, message] of wrong) {
      expect(await farley.run(['birthdays', ...words])).toMatchObject({
        code,
        stderr: expect.stringContaining(message),
      })
    }
  })
})
