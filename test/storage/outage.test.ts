import { describe, expect, it } from 'vitest'
import { StorageBusyError, translateError } from '../../storage/errors.ts'

const coded = (code: string) => Object.assign(new Error('x'), { code })

describe('a database that does not answer (MIN-05)', () => {
  it.each(['ECONNREFUSED', 'ECONNRESET', '57P01', '57P03', '53300', '08006'])(
    'is busy, so that clients come again: %s',
    (code) => expect(translateError(coded(code))).toBeInstanceOf(StorageBusyError),
  )

  it('also where the driver says so in words only', () => {
    const error = new Error('Connection terminated unexpectedly')
    expect(translateError(error)).toBeInstanceOf(StorageBusyError)
  })

  it('is not what every other error is', () => {
    const error = coded('42601')
    expect(translateError(error)).toBe(error)
  })
})
