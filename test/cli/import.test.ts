import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { useProgram } from './program.ts'

const farley = useProgram()

beforeAll(() => farley.must(['user', 'add', 'alice', '--password-stdin'], { input: 'a good password' }))

let files = 0
function file(name: string, text: string): string {
  const folder = join(farley.data, `import-${(files += 1)}`)
  mkdirSync(folder)
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const header = 'Vorname;Nachname;E-Mail-Adresse;Telefon;Lieblingsfarbe'

describe('farley import of a table', () => {
  it('tries first, says where columns go, imports as it is mapped, reports, and is undone', async () => {
    const path = file('leute.csv', `${header}\nAda;Lovelace;ada@example.org;1;blau\nBob;;;2;\n`)
    const map = file('map.json', JSON.stringify({ Telefon: 'TEL;cell', Lieblingsfarbe: '-' }))
    expect(await farley.must(['import', 'alice', path, '--dry-run'])).toEqual([
      `column\t${path}\tVorname\tN.given`,
      `column\t${path}\tNachname\tN`,
      `column\t${path}\tE-Mail-Adresse\tEMAIL`,
      `column\t${path}\tTelefon\tTEL;voice`,
      `column\t${path}\tLieblingsfarbe\tkept as X-IMPORTED`,
      expect.stringMatching(/^taken\t\S+leute\.csv:2\tcontacts\/[0-9a-f-]{36}\.vcf$/),
      expect.stringMatching(/^taken\t\S+leute\.csv:3\t/),
      '2 taken, 0 updated, 0 unchanged, 0 refused (dry run 1)',
    ])
    const report = join(farley.data, 'report.txt')
    const words = ['import', 'alice', path, '--map', map, '--match', 'email,phone', '--report', report]
    expect(await farley.must(words)).toEqual(['2 taken, 0 updated, 0 unchanged, 0 refused (import 2)'])
    expect(readFileSync(report, 'utf8').split('\n')).toHaveLength(3)
    expect((await farley.must(['import', 'list', 'alice'])).map((line) => line.split('\t'))).toEqual([
      ['2', expect.any(String), 'import', 'finished', '2 taken, 0 updated, 0 unchanged, 0 refused'],
      ['1', expect.any(String), 'dry run', 'finished', '2 taken, 0 updated, 0 unchanged, 0 refused'],
    ])
    expect(await farley.must(['import', 'undo', 'alice', '2'])).toEqual(['2 undone, 0 kept'])
    expect((await farley.must(['import', 'show', 'alice', '2']))[0]).toMatch(
      /^taken\t\S+:2\t\S+\.vcf\t\tundone$/,
    )
    expect(await farley.run(['import', 'undo', 'alice', '1'])).toMatchObject({
      code: 1,
      stderr: 'farley: Import 1 was a dry run: there is nothing to undo.\n',
    })
  })

  it('says what it does not understand', async () => {
    const path = file('a.csv', `${header}\nAda;;;;\n`)
    const wrong: [string[], number, RegExp][] = [
      [['--match', 'shoe'], 2, /--match takes uid, email, phone, name, not "shoe"/],
      [['--on-match', 'eat'], 2, /--on-match takes update, skip, new, not "eat"/],
      [['--charset', 'klingon'], 1, /There is no character set "klingon"/],
      [['--map', file('map.json', '{"a": "WHAT"}')], 1, /"WHAT" is no target of a column/],
      [['--map', file('map.json', '{')], 2, /is no JSON/],
      [['--resume', '99'], 2, /has its files already/],
    ]
    for (const [options, code, message] of wrong) {
      const ended = await farley.run(['import', 'alice', path, ...options])
      expect(ended.stderr).toMatch(message)
      expect(ended.code).toBe(code)
    }
    expect(await farley.run(['import', 'alice', '--resume', '99'])).toMatchObject({
      code: 1,
      stderr: 'farley: There is no import 99; see farley import list.\n',
    })
  })
})

describe('farley import of a table with fields of one’s own', () => {
  it('puts a column into a field that is defined for it, or is there, and takes both back', async () => {
    await farley.must(['user', 'add', 'fielder', '--password-stdin'], { input: 'a good password' })
    const path = file('people.csv', 'First Name,Email,Shoe size\nAda,ada@example.org,38\n')
    const tried = ['import', 'fielder', path, '--map', 'Shoe size=new:number', '--dry-run']
    expect((await farley.must(tried))[2]).toBe(`column\t${path}\tShoe size\tfield zz-new-1`)
    const words = ['import', 'fielder', path, '--label', 'Fair', '--quiet', '--map']
    const [last = ''] = await farley.must([...words, 'Shoe size=new:number'])
    const [, id = ''] = /^1 taken, .*\(import (\d+)\)$/.exec(last) ?? []
    expect(await farley.run([...words, 'Shoe size=new:number'])).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining('is, or was, called "Shoe size" already') },
    })
    const csv = ['export', 'fielder', '--collection', 'contacts', '--format', 'csv']
    const [header = '', row = ''] = await farley.must(csv)
    expect([header.includes('Field: Shoe size'), row.includes('38'), row.includes('Fair')]).toEqual([
      true,
      true,
      true,
    ])
    expect(await farley.must([...words, 'Shoe size=field:shoe-size'])).toEqual([
      expect.stringMatching(/^0 taken, 0 updated, 1 unchanged/),
    ])
    expect(await farley.must(['import', 'undo', 'fielder', id])).toEqual(['1 undone, 0 kept'])
    expect((await farley.must(csv))[0]).not.toContain('Shoe size')
  })
})
