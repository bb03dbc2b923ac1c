import { createAccount, findAccount } from '../../src/features/accounts/accounts.ts'
import { importFiles } from '../../src/features/transfer/import.ts'
import type { ImportOutcome } from '../../src/features/transfer/import-outcome.ts'
import type { Services } from '../../src/services.ts'
import { listCollections } from '../../storage/collections.ts'
import { listHomes } from '../../storage/homes.ts'
import { listObjectsWithBodies } from '../../storage/objects.ts'
import type { PrincipalRow } from '../../storage/principals.ts'
import { type CorpusFile, check, textOf } from './corpus-file.ts'
import { boundMs } from './dav-checks.ts'
import { cardLines, type SourceComponent, sourceComponents } from './source-components.ts'

/** How an import ended. */
export interface ImportCounts {
  readonly taken: number
  readonly refused: number
}

/**
 * Imports a file into an account of its own: everything in it is taken or refused with a reason, what is taken is made
 * of slices of the file, and the same file again changes nothing.
 * @throws CheckError
 */
export async function checkImport(services: Services, file: CorpusFile): Promise<ImportCounts> {
  const account = await newAccount(services)
  const startedAt = performance.now()
  const outcomes = await importAll(services, account, file)
  const tookMs = performance.now() - startedAt
  check(tookMs <= boundMs, `the import took ${Math.round(tookMs)} ms`)
  for (const outcome of outcomes) {
    check(outcome.kind !== 'refused' || outcome.reason !== '', 'something was refused without a reason')
  }
  const bodies = await storedTexts(services, account)
  const taken = outcomes.filter(({ kind }) => kind === 'created')
  check(bodies.length === taken.length, `${taken.length} were taken, and ${bodies.length} are stored`)
  if (file.kind === 'calendar') checkComponents(textOf(file.bytes), bodies, outcomes)
  else checkCards(textOf(file.bytes), bodies, outcomes)
  const again = await importAll(services, account, file)
  check(
    again.every(({ kind }, at) => kind === (outcomes[at]?.kind === 'refused' ? 'refused' : 'unchanged')),
    'the same import again changes something',
  )
  return { taken: taken.length, refused: outcomes.filter(({ kind }) => kind === 'refused').length }
}

let accounts = 0

function newAccount({ store, settings, newId }: Services): Promise<PrincipalRow> {
  const name = `corpus${(accounts += 1)}`
  return store.write(async (tx) => {
    await createAccount(tx, { name }, settings, newId)
    return findAccount(tx, name)
  })
}

async function importAll(services: Services, account: PrincipalRow, { path }: CorpusFile) {
  const outcomes: ImportOutcome[] = []
  for await (const outcome of importFiles(services, account, [path])) outcomes.push(outcome)
  return outcomes
}

async function storedTexts({ store }: Services, { id }: PrincipalRow): Promise<string[]> {
  const texts: string[] = []
  for (const home of await store.read((reader) => listHomes(reader, id))) {
    for (const collection of await store.read((reader) => listCollections(reader, home.id))) {
      for await (const page of listObjectsWithBodies(store, collection.id))
        texts.push(...page.map(({ body }) => textOf(body)))
    }
  }
  return texts
}

/** Every component of the file is stored as it stands there, or refused on one of its lines. */
function checkComponents(text: string, bodies: readonly string[], outcomes: readonly ImportOutcome[]): void {
  const source = sourceComponents(text)
  const stored = bodies.flatMap((body) => sourceComponents(body))
  const open = new Map<string, number>()
  for (const component of stored) {
    const own = withEnd(component.text)
    const isSlice = source.some((one) => withEnd(one.text) === own || isWithUid(own, withEnd(one.text)))
    check(isSlice, `a ${component.name} is stored that is no slice of the file:\n${component.text}`)
    open.set(own, (open.get(own) ?? 0) + 1)
  }
  const refused = outcomes.filter(({ kind }) => kind === 'refused')
  for (const component of source) {
    const own = [...open.keys()].find((key) => sameOrWithUid(key, component) && (open.get(key) ?? 0) > 0)
    if (own !== undefined) open.set(own, (open.get(own) ?? 0) - 1)
    else check(isRefused(component, refused), `line ${component.firstLine}: neither taken nor refused`)
  }
}

function sameOrWithUid(key: string, { text }: SourceComponent): boolean {
  const own = withEnd(text)
  return key === own || isWithUid(key, own)
}

/**
 * What stands outside of any calendar is refused in one piece; a file that cannot be read on line 0, one that is one
 * object for which there is no place on line 1.
 */
function isRefused(component: SourceComponent, refused: readonly ImportOutcome[]): boolean {
  const { firstLine, lastLine, isInCalendar } = component
  return refused.some(({ line }, _, { length }) => {
    if (line === 0 || (line === 1 && length === 1) || (!isInCalendar && line <= firstLine)) return true
    return line >= firstLine && line <= lastLine
  })
}

/** A component that was given a UID: the one added line is its second. */
function isWithUid(stored: string, source: string): boolean {
  const added = /^(.*?(?:\r\n|\r|\n))UID:[0-9a-f-]{36}(?:\r\n|\r|\n)/is.exec(stored)
  return added !== null && (added[1] ?? '') + stored.slice(added[0].length) === source
}

/** The last line of a file may have no end; in an object every line has one. */
function withEnd(text: string): string {
  return text.replace(/^\ufeff/, '').replace(/[\r\n]+$/, '')
}

/** Every card of the file is stored as it stands there, or refused; cards come in the order of the file. */
function checkCards(text: string, bodies: readonly string[], outcomes: readonly ImportOutcome[]): void {
  for (const body of bodies) {
    const bare = body.replace(/UID:[0-9a-f-]{36}(\r\n|\r|\n)(?=END:VCARD\s*$)/i, '')
    check(
      text.includes(body) || text.includes(bare),
      `a card is stored that is no slice of the file:\n${body}`,
    )
  }
  for (const line of cardLines(text)) {
    const isKnown = outcomes.some((outcome) => outcome.line === line)
    const isInRefused = outcomes.findLast((outcome) => outcome.line <= line)?.kind === 'refused'
    check(isKnown || isInRefused, `line ${line}: a card is neither taken nor refused`)
  }
}
