import { beforeEach, describe, expect, it } from 'vitest'
import { exportAs } from '../../src/features/transfer/export-as.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { useFolder } from './folder.ts'
import { useShares } from './shares.ts'
import { collect, importAll } from './world.ts'

const server = useServer()
const shares = useShares(server)
const folder = useFolder()
let alice: Account
beforeEach(async () => {
  alice = await server.account()
})

async function tableOf(account: Account): Promise<string> {
  const { octets } = exportAs(server.services, await shares.at(account.contacts), { format: 'csv' })
  return Buffer.concat(await collect(octets)).toString()
}

const cards = [
  card('a', 'Ada Lovelace', [
    'TEL;TYPE=CELL:+49 170 1',
    'TEL;TYPE=WORK,FAX:030 2',
    'item1.EMAIL:a@example.org',
    'item1.X-ABLABEL:Boat, "big"',
    'ADR;TYPE=HOME:;;1 A St\\nBack;Town;;12345;Country',
    'ORG:Firm;Unit',
    'BDAY:1815-12-10',
    'NOTE:one\\ntwo\\, three',
    'CATEGORIES:Friends,Work',
    'URL:https://example.org/',
  ]),
  card('b', '=HYPERLINK("http://x") -Evil', ['TITLE:@SUM(A1)', "NOTE:'=quoted", 'NICKNAME:+1(x)']),
  card('c', 'Žluťoučký 🐎', [
    'item1.X-ABDATE:2001-02-03',
    'item1.X-ABLABEL:Met',
    'BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29',
  ]),
]

describe('an address book as a table', () => {
  it('is read back by our own import, formulas and all', async () => {
    for (const [n, text] of cards.entries())
      expect((await alice.put(`${alice.contacts}${n}.vcf`, text)).status).toBe(201)
    const table = await tableOf(alice)
    expect(table).toContain(`"'=HYPERLINK(""http://x"")"`)
    expect(table).not.toMatch(/(?:^|,|"|\n)[=@-]/)
    const bob = await server.account()
    const outcomes = await importAll(server, bob, [folder.write('table.csv', table)])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['created', 'created', 'created'])
    expect(await tableOf(bob)).toBe(table)
  })

  it('leaves out groups and what cannot be read, and has a header without cards', async () => {
    expect(await tableOf(alice)).toMatch(/^\ufeffFirst Name,[^\n]*,UID\r\n$/)
    await alice.put(`${alice.contacts}g.vcf`, card('g', 'Friends', ['X-ADDRESSBOOKSERVER-KIND:group']))
    await alice.put(`${alice.contacts}p.vcf`, card('p', 'Jane Doe'))
    expect((await tableOf(alice)).split('\r\n')).toHaveLength(3)
  })
})
