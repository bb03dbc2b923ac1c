import { readCalendar } from '../../protocol/ical/calendar.ts'
import { validateCalendarObject } from '../../protocol/ical/validate.ts'
import { validateCard } from '../../protocol/vcard/validate.ts'
import { createAccount, findAccount } from '../../src/features/accounts/accounts.ts'
import { undoBatch } from '../../src/features/batches/undo.ts'
import { listFaces } from '../../src/features/lists/lists.ts'
import { type ImportOptions, importFiles } from '../../src/features/transfer/import.ts'
import type { ImportOutcome } from '../../src/features/transfer/import-outcome.ts'
import { findImport } from '../../src/features/transfer/open-import.ts'
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
  const bodies = await storedTexts(services, account, { withMade: false })
  const taken = outcomes.filter(({ kind }) => kind === 'created')
  check(bodies.length === taken.length, `${taken.length} were taken, and ${bodies.length} are stored`)
  if (outcomes.some(isConverted)) checkConverted(textOf(file.bytes), bodies, outcomes)
  else if (file.kind === 'calendar') checkComponents(textOf(file.bytes), bodies, outcomes)
  else checkCards(textOf(file.bytes), bodies, outcomes)
  checkAgain(outcomes, await importAll(services, account, file))
  return { taken: taken.length, refused: outcomes.filter(({ kind }) => kind === 'refused').length }
}

function checkAgain(outcomes: readonly ImportOutcome[], again: readonly ImportOutcome[]): void {
  const settled = outcomes.map(({ kind }) => (kind === 'created' || kind === 'updated' ? 'unchanged' : kind))
  check(again.map(({ kind }) => kind).join() === settled.join(), 'the same import again changes something')
}

/**
 * Imports a table or a directory: a trial says what becomes of each row, every row is taken or has a reason why not, the
 * same again changes nothing, and undone nothing of it is left.
 * @throws CheckError
 */
export async function checkTable(
  services: Services,
  path: string,
): Promise<ImportCounts & { skipped: number }> {
  const account = await newAccount(services)
  const trial = await importAll(services, account, { path }, { isTrial: true })
  let batch = 0
  const outcomes = await importAll(services, account, { path }, { onBatch: (id) => (batch = id) })
  check(outcomes.length > 0, 'nothing is told of it')
  const kinds = (all: readonly ImportOutcome[]): string => all.map(({ kind }) => kind).join()
  check(kinds(trial) === kinds(outcomes), 'a trial says something else')
  for (const outcome of outcomes)
    check(!('reason' in outcome) || outcome.reason !== '', 'a reason is missing')
  for (const text of await storedTexts(services, account)) checkReadable(text)
  checkAgain(outcomes, await importAll(services, account, { path }))
  const row = await findImport(services, account, batch)
  for await (const kept of undoBatch(services, row))
    check(false, `${kept.name} is not undone: ${kept.reason}`)
  check((await storedTexts(services, account)).length === 0, 'something is left after it is undone')
  const count = (wanted: ImportOutcome['kind']): number =>
    outcomes.filter(({ kind }) => kind === wanted).length
  return { taken: count('created'), skipped: count('skipped'), refused: count('refused') }
}

let accounts = 0

function newAccount({ store, settings, newId }: Services): Promise<PrincipalRow> {
  const name = `corpus${(accounts += 1)}`
  return store.write(async (tx) => {
    await createAccount(tx, { name }, settings, newId)
    return findAccount(tx, name)
  })
}

async function importAll(
  services: Services,
  account: PrincipalRow,
  { path }: { readonly path: string },
  options: ImportOptions = {},
): Promise<ImportOutcome[]> {
  const outcomes: ImportOutcome[] = []
  for await (const outcome of importFiles(services, account, [path], options)) outcomes.push(outcome)
  return outcomes
}

/** @param withMade  with the lists of people that the server made out of CATEGORIES */
async function storedTexts(
  { store }: Services,
  { id }: PrincipalRow,
  { withMade } = { withMade: true },
): Promise<string[]> {
  const texts: string[] = []
  for (const home of await store.read((reader) => listHomes(reader, id))) {
    for (const collection of await store.read((reader) => listCollections(reader, home.id))) {
      for await (const page of listObjectsWithBodies(store, collection.id)) {
        const faces = await store.read((reader) => listFaces(reader, collection, page))
        const wanted = page.filter((row) => withMade || (faces.get(row.id)?.made ?? 0) === 0)
        texts.push(...wanted.map(({ body }) => textOf(body)))
      }
    }
  }
  return texts
}

function isConverted(outcome: ImportOutcome): boolean {
  return 'notes' in outcome && outcome.notes.some((note) => /^(?:converted from|read as) /.test(note))
}

function checkReadable(body: string): void {
  if (/^BEGIN:VCARD/i.test(body)) validateCard(body)
  else validateCalendarObject(readCalendar(body), { maxAttendees: 1_000 })
}

/** What was converted can be read, and nothing of the file is passed over. */
function checkConverted(text: string, bodies: readonly string[], outcomes: readonly ImportOutcome[]): void {
  for (const body of bodies) checkReadable(body)
  const begins = [...cardLines(text), ...sourceComponents(text).map(({ firstLine }) => firstLine)]
  for (const line of begins) {
    const isKnown = outcomes.some((outcome) => outcome.line === line || outcome.line === 0)
    const isInRefused = outcomes.findLast((outcome) => outcome.line <= line)?.kind === 'refused'
    check(isKnown || isInRefused, `line ${line}: it is neither taken nor refused`)
  }
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
    // A list of people in the file puts its name into the cards of its members.
    const unlisted = body.replace(/CATEGORIES:.*(\r\n|\r|\n)(?=END:VCARD\s*$)/i, '')
    const bare = unlisted.replace(/UID:[0-9a-f-]{36}(\r\n|\r|\n)(?=END:VCARD\s*$)/i, '')
    check(
      [body, unlisted, bare].some((one) => text.includes(one)),
      `a card is stored that is no slice of the file:\n${body}`,
    )
  }
  for (const line of cardLines(text)) {
    const isKnown = outcomes.some((outcome) => outcome.line === line)
    const isInRefused = outcomes.findLast((outcome) => outcome.line <= line)?.kind === 'refused'
    check(isKnown || isInRefused, `line ${line}: a card is neither taken nor refused`)
  }
}
