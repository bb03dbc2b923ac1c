import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaults } from '../../config/defaults.ts'
import {
  environmentName,
  flatSettings,
  knownSettings,
  loadSettings,
  maskedSettings,
  SettingsError,
} from '../../src/config.ts'
import { applyStored } from '../../src/features/admin/settings/stored.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'farley-settings-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
/** A settings file. */
function file(content: unknown): string {
  const path = join(folder, `${(files += 1)}.json`)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const messageOf = (load: () => unknown): string => {
  try {
    load()
  } catch (error) {
    if (error instanceof SettingsError) return error.message
    throw error
  }
  throw new Error('nothing was refused')
}
const refusalOf = (environment: Record<string, string>): string =>
  messageOf(() => loadSettings({ environment }))
const refusalOfFile = (content: unknown): string =>
  messageOf(() => loadSettings({ environment: {}, file: file(content) }))

describe('where settings come from', () => {
  it('are the defaults, with the data folder made absolute', () => {
    expect(loadSettings({ environment: { PATH: '/bin', HOME: '/root' } })).toEqual({
      ...defaults,
      data: resolve('data'),
    })
  })

  it('then the file, then the environment, then the command line', () => {
    const given = file({ host: '::1', port: 1, limits: { xmlDepth: 1, xmlNodes: 7 } })
    const environment = { FARLEY_PORT: '2', FARLEY_LIMITS_XML_DEPTH: '2' }
    const settings = loadSettings({ environment, file: given, overrides: { port: '3', data: undefined } })
    expect(settings).toMatchObject({ host: '::1', port: 3, limits: { xmlDepth: 2, xmlNodes: 7 } })
    expect(settings.limits.bodyBytes).toBe(defaults.limits.bodyBytes)
  })

  it('the file is the one in the data folder, unless another is named', () => {
    const data = join(folder, 'data')
    mkdirSync(data)
    writeFileSync(join(data, 'farley.json'), '{"host": "::1"}')
    expect(loadSettings({ environment: {}, overrides: { data } }).host).toBe('::1')
    expect(loadSettings({ environment: { FARLEY_DATA: data } }).host).toBe('::1')
    const FARLEY_CONFIG = file({ host: '::2' })
    expect(loadSettings({ environment: { FARLEY_CONFIG, FARLEY_DATA: data } }).host).toBe('::2')
    expect(loadSettings({ environment: { FARLEY_CONFIG }, file: file({ host: '::3' }) }).host).toBe('::3')
  })

  it('never change the defaults', () => {
    loadSettings({ environment: { FARLEY_LIMITS_XML_DEPTH: '2' } })
    expect(loadSettings({ environment: {} }).limits.xmlDepth).toBe(64)
  })
})

describe('the name of a setting in the environment', () => {
  it('is its own, in capitals, and no other has it', () => {
    expect(environmentName('limits.bodyBytes')).toBe('FARLEY_LIMITS_BODY_BYTES')
    expect(environmentName('publicUrl')).toBe('FARLEY_PUBLIC_URL')
    const names = [...knownSettings.keys()].map(environmentName)
    expect(new Set(names).size).toBe(names.length)
  })

  it('sets every one of them', () => {
    for (const [key, value] of flatSettings(defaults)) {
      const given = key === 'log.level' ? 'warn' : typeof value === 'number' ? '7' : undefined
      if (given === undefined) continue
      const settings = loadSettings({ environment: { [environmentName(key)]: given } })
      expect(new Map(flatSettings(settings)).get(key)).toBe(typeof value === 'number' ? 7 : given)
    }
  })

  it('leaves what belongs to the tests alone', () => {
    expect(() => loadSettings({ environment: { FARLEY_TEST_CORPUS: '/x' } })).not.toThrow()
  })
})

describe('unknown settings are refused with the nearest name', () => {
  it('in the environment', () => {
    expect(refusalOf({ FARLEY_PROT: '1' })).toContain('Did you mean FARLEY_PORT?')
    expect(refusalOf({ FARLEY_LIMIT_BODY_BYTE: '1' })).toContain('Did you mean FARLEY_LIMITS_BODY_BYTES?')
  })

  it('in a file, wherever they stand', () => {
    expect(refusalOfFile({ hosts: 'x' })).toContain('"hosts"')
    expect(refusalOfFile({ hosts: 'x' })).toContain('Did you mean host?')
    expect(refusalOfFile({ auth: { bcryptcost: 9 } })).toContain('Did you mean auth.bcryptCost?')
    expect(refusalOfFile({ host: { name: 'x' } })).toContain('"host.name"')
  })
})

describe('values that cannot be used are refused', () => {
  it.each([
    ['FARLEY_PORT', '65536'],
    ['FARLEY_PORT', '1.5'],
    ['FARLEY_PORT', 'http'],
    ['FARLEY_LIMITS_XML_DEPTH', '-1'],
    ['FARLEY_LIMITS_XML_DEPTH', 'many'],
    ['FARLEY_METRICS_ENABLED', 'yes'],
    ['FARLEY_LOG_LEVEL', 'loud'],
    ['FARLEY_AUTH_BCRYPT_COST', '3'],
    ['FARLEY_PUBLIC_URL', 'dav.example.org'],
    ['FARLEY_DATABASE_URL', 'mysql://db/x'],
    ['FARLEY_SUBSCRIPTIONS_PRIVATE_NETWORKS', '10.0.0.0/8, intranet'],
  ])('%s=%s', (name, value) => {
    expect(refusalOf({ [name]: value })).toContain(name)
  })

  it('files that cannot be read, or are no object', () => {
    expect(messageOf(() => loadSettings({ environment: {}, file: join(folder, 'none.json') }))).toContain(
      'cannot be read',
    )
    expect(refusalOfFile('{')).toContain('not valid JSON')
    expect(refusalOfFile('3')).toContain('must hold an object')
    expect(refusalOfFile([1])).not.toBe('')
  })

  it('types of another kind in a file', () => {
    expect(refusalOfFile({ host: 5 })).toContain('host')
    expect(refusalOfFile({ port: null })).toContain('port')
    expect(refusalOfFile({ limits: { xmlDepth: '' } })).toContain('limits.xmlDepth')
    expect(refusalOfFile({ limits: { xmlDepth: true } })).toContain('limits.xmlDepth')
    expect(refusalOf({ FARLEY_PORT: '' })).toContain('FARLEY_PORT')
  })

  it('switches are on, off, or nothing', () => {
    const enabled = (value: unknown) =>
      loadSettings({ environment: {}, file: file({ metrics: { enabled: value } }) }).metrics.enabled
    expect([true, false, 'true', 'false', '1', '0'].map(enabled)).toEqual([
      true,
      false,
      true,
      false,
      true,
      false,
    ])
  })
})

describe('secrets', () => {
  it.each([
    ['postgres://farley:secret@db:5432/x', 'postgres://farley:***@db:5432/x'],
    ['postgres://farley:se@cr:et@db/x', 'postgres://farley:***@db/x'],
    ['postgres://db/x?user=farley&password=secret&a=1', 'postgres://db/x?user=farley&password=***&a=1'],
    ['postgres://farley@db/x', 'postgres://farley@db/x'],
    ['', ''],
  ])('are masked in %s', (url, masked) => {
    const settings = loadSettings({ environment: { FARLEY_DATABASE_URL: url } })
    expect(settings.database.url).toBe(url)
    expect(maskedSettings(settings)).toEqual({ ...settings, database: { ...settings.database, url: masked } })
  })

  it('of an S3 store are masked too, where there are any', () => {
    const environment = { FARLEY_BLOBS_S3_SECRET_ACCESS_KEY: 'secret', FARLEY_BLOBS_STORE: 's3' }
    const settings = loadSettings({ environment })
    expect(settings.blobs.s3.secretAccessKey).toBe('secret')
    expect(JSON.stringify(maskedSettings(settings))).not.toContain('secret"')
    expect(maskedSettings(settings).blobs.s3.secretAccessKey).toBe('***')
    expect(maskedSettings(loadSettings({ environment: {} })).blobs.s3.secretAccessKey).toBe('')
    expect(refusalOf({ FARLEY_BLOBS_STORE: 'tape' })).toContain('give file or s3')
    expect(refusalOf({ FARLEY_BLOBS_S3_ENDPOINT: 's3.example.org' })).toContain('give a whole address')
  })

  it('do not show in refusals', () => {
    expect(refusalOf({ FARLEY_DATABASE_URL: 'mysql://farley:secret@db/x' })).not.toContain('secret')
  })
})

describe('settings that an administrator has changed', () => {
  const row = (key: string, value: unknown) => ({
    ...{ key, value: JSON.stringify(value), changedAt: 0, author: null },
  })

  it('stand over the defaults, and below what is said in the file, the environment or on the command line', () => {
    const environment = { FARLEY_RETENTION_TRASH_DAYS: '10' }
    const settings = loadSettings({ environment, file: file({ limits: { sharees: 11 } }) })
    const rows = [row('retention.trashDays', 20), row('limits.sharees', 21), row('limits.publicLinks', 22)]
    expect(applyStored(settings, rows)).toEqual([])
    expect(settings.retention.trashDays).toBe(10)
    expect(settings.limits).toMatchObject({ sharees: 11, publicLinks: 22 })
    expect(applyStored(settings, [])).toEqual([])
    expect(settings).toEqual(loadSettings({ environment, file: file({ limits: { sharees: 11 } }) }))
  })
})
