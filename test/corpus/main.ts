import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaults } from '../../config/defaults.ts'
import { openServices } from '../../src/compose.ts'
import type { Services } from '../../src/services.ts'
import { startFarley } from '../bench/servers.ts'
import { setup, teardown } from '../postgres.ts'
import { createTestDatabase } from '../store.ts'
import { CheckError, type CorpusFile, corpusFiles, corpusTables, oneObject } from './corpus-file.ts'
import { checkRefused, checkStored, openTarget, type Target } from './dav-checks.ts'
import { checkImport, checkTable } from './import-checks.ts'

const [folder, database = 'sqlite'] = process.argv.slice(2)
if (folder === undefined || !['sqlite', 'postgres'].includes(database)) {
  console.error(
    'npm run test:corpus -- FOLDER [postgres]\n  a folder of .vcf, .ics, .vcs, .csv and .ldif files, gone through whole',
  )
  process.exit(2)
}

const work = mkdtempSync(join(tmpdir(), 'farley-corpus-'))
if (database === 'postgres') await setup()
const server = await startFarley(join(work, 'server'), { FARLEY_DATABASE_URL: await databaseUrl() })
const settings = {
  ...defaults,
  data: join(work, 'import'),
  database: { ...defaults.database, url: await databaseUrl() },
  log: { level: 'silent' },
}
const services = await openServices(settings)
try {
  const target = await openTarget(server.url, server.user, server.password)
  process.exitCode = await checkAll(folder, target, services)
} finally {
  await services.store[Symbol.asyncDispose]()
  await server.stop()
  if (database === 'postgres') await teardown()
  rmSync(work, { recursive: true, force: true })
}

/** The address of a database of its own, as the settings have it. */
async function databaseUrl(): Promise<string> {
  if (database === 'sqlite') return ''
  const made = await createTestDatabase({ kind: 'postgres' })
  return made.database.kind === 'postgres' ? made.database.url : ''
}

/** Checks every file, and prints what failed and how many did. @returns the exit code */
async function checkAll(corpus: string, target: Target, on: Services): Promise<number> {
  const totals = { passed: 0, failed: 0, stored: 0, imported: 0, taken: 0, refused: 0 }
  for (const file of corpusFiles(corpus)) {
    try {
      if (oneObject(file)) {
        await checkStored(target, file)
        totals.stored += 1
      } else await checkOther(target, on, file, totals)
      totals.passed += 1
    } catch (error) {
      totals.failed += 1
      console.log(`FAILED ${file.name}: ${error instanceof CheckError ? error.message : String(error)}`)
    }
  }
  await checkTables(corpus, on, totals)
  const { passed, failed, stored, imported, taken, refused } = totals
  console.log(`${stored} files are one object: stored, and the same by GET and by REPORT, in every form`)
  console.log(`${imported} files are not: imported, ${taken} taken, ${refused} refused with a reason`)
  console.log(`${passed} passed, ${failed} failed`)
  return failed > 0 || passed === 0 ? 1 : 0
}

/** Tables and directories, with what became of the rows of each. */
async function checkTables(
  corpus: string,
  on: Services,
  totals: { passed: number; failed: number },
): Promise<void> {
  for (const { path, name } of corpusTables(corpus)) {
    try {
      const { taken, skipped, refused } = await checkTable(on, path)
      console.log(`${name}: ${taken} taken, ${skipped} skipped, ${refused} refused`)
      totals.passed += 1
    } catch (error) {
      totals.failed += 1
      console.log(`FAILED ${name}: ${error instanceof CheckError ? error.message : String(error)}`)
    }
  }
}

async function checkOther(
  target: Target,
  on: Services,
  file: CorpusFile,
  totals: { imported: number; taken: number; refused: number },
): Promise<void> {
  await checkRefused(target, file)
  const { taken, refused } = await checkImport(on, file)
  totals.imported += 1
  totals.taken += taken
  totals.refused += refused
}
