import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { card } from '../dav/objects.ts'
import { useProgram } from './program.ts'

const farley = useProgram()

describe('farley duplicates', { timeout: 120_000 }, () => {
  it('lists who may be one, and why, and compares all cards anew', async () => {
    await farley.must(['user', 'add', 'jane'])
    const file = join(farley.data, 'cards.vcf')
    const cards = ['a', 'b'].map((uid) => card(uid, 'Ann Other', ['EMAIL:ann@x.example']))
    writeFileSync(file, cards.join(''))
    await farley.must(['import', 'jane', file])
    const [line] = await farley.must(['duplicates', 'list', 'jane'])
    expect(line).toMatch(/^\d+\tsame\tAnn Other\tAnn Other\tmail same, name same$/)
    expect(await farley.must(['duplicates', 'scan', 'jane'])).toEqual(['2 cards compared'])
    expect(await farley.must(['duplicates', 'scan'])).toEqual(['2 cards compared'])
    expect(await farley.must(['duplicates', 'list', 'jane'])).toEqual([line])
  })
})
