import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { factsBy } from '../../../storage/facts/fact-rows.ts'
import { type ConsentRow, consentTable, type Day } from '../../../storage/facts/tables.ts'
import type { ConsentId, PartyId } from '../../../storage/ids.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { dayOf, isCurrent } from '../facts/days.ts'
import { checkRoom, type RowKind, setFact } from '../facts/row-facts.ts'
import { notThere, type Opened } from '../people/asking.ts'
import { readableEvidence } from './evidence.ts'
import { any } from './schema.ts'

export const consents: RowKind<ConsentRow> = {
  kind: 'consent',
  table: consentTable,
  other: () => null,
  isOfBoth: false,
}

/** What is said of a consent; what is not given stays. */
export interface ConsentInput {
  readonly state?: ConsentRow['state'] | undefined
  readonly source?: string | undefined
  readonly on?: Day | undefined
  readonly expires?: Day | null | undefined
  readonly note?: string | undefined
  readonly evidence?: Evidence | null | undefined
}

export interface Evidence {
  readonly kind: NonNullable<ConsentRow['evidenceKind']>
  readonly id: number
}

export function consentsOf(reader: Reader, id: PartyId): Promise<ConsentRow[]> {
  return factsBy(reader, consentTable, 'partyId', [id])
}

/** @throws refusal 409 where there is one for this channel and purpose; 422 */
export async function addConsent(
  tx: Writer,
  opened: Opened,
  about: { readonly channel: string; readonly purpose: string },
  input: ConsentInput & Pick<ConsentRow, 'state'>,
): Promise<ConsentRow> {
  const { id } = opened.party.row
  const [channel, purpose] = [foldWord(about.channel), about.purpose.replace(/\s+/g, ' ')]
  const purposeKey = foldWord(purpose)
  const rows = await consentsOf(tx, id)
  if (rows.some((row) => row.channel === channel && row.purposeKey === purposeKey))
    throw refuseStatus(409, 'What was said of this channel and purpose is known: change that.')
  checkRoom(rows.length, opened.settings.limits.consentsPerParty, 'consents of one person')
  const empty = {
    ...{ partyId: id, channel, purpose: purposeKey === any ? any : purpose, purposeKey, state: input.state },
    ...{ source: '', givenOn: dayOf(tx.now), expiresOn: null, note: '' },
    ...{ evidenceKind: null, evidenceId: null },
  }
  return saved(await setFact(tx, consents, undefined, await merged(tx, opened, empty, input), opened.origin))
}

/** @throws refusal 404, 422 */
export async function changeConsent(
  tx: Writer,
  opened: Opened,
  item: ConsentId,
  input: ConsentInput,
): Promise<ConsentRow> {
  const row = await mustFind(tx, opened, item)
  return saved(await setFact(tx, consents, row, await merged(tx, opened, row, input), opened.origin))
}

/** Nothing was ever said; who takes back what he gave has withdrawn it instead. @throws refusal 404 */
export async function removeConsent(tx: Writer, opened: Opened, item: ConsentId): Promise<void> {
  await setFact(tx, consents, await mustFind(tx, opened, item), undefined, opened.origin)
}

/** Takes away what has been over for long enough. */
export async function letGoConsent(tx: Writer, row: ConsentRow, origin: Origin): Promise<void> {
  await setFact(tx, consents, row, undefined, origin)
}

/** Whether somebody may be written to, and what says so. */
export interface Permission {
  readonly answer: 'yes' | 'no' | 'unknown'
  readonly because: ConsentRow | undefined
}

/**
 * Whether somebody has agreed. What was said of this channel and purpose, and what was said of all of them, are looked at
 * together: one no is enough; a yes counts until it ends.
 */
export function permissionOf(
  rows: readonly ConsentRow[],
  { channel, purpose }: { readonly channel: string; readonly purpose: string },
  today: Day,
): Permission {
  const [ofChannel, ofPurpose] = [foldWord(channel), foldWord(purpose)]
  const meant = rows.filter(
    (row) => [ofChannel, any].includes(row.channel) && [ofPurpose, any].includes(row.purposeKey),
  )
  const current = meant.filter((row) => isInForce(row, today))
  const no = current.find(({ state }) => state !== 'given')
  const yes = current.find(({ state }) => state === 'given')
  if (no) return { answer: 'no', because: no }
  return yes ? { answer: 'yes', because: yes } : { answer: 'unknown', because: meant[0] }
}

export function isInForce({ givenOn, expiresOn }: ConsentRow, today: Day): boolean {
  return givenOn <= today && isCurrent({ untilOn: expiresOn }, today)
}

async function merged<Row extends Omit<ConsentRow, 'id'>>(
  tx: Writer,
  { session, reach }: Opened,
  row: Row,
  { state = row.state, source, on, expires, note, evidence }: ConsentInput,
): Promise<Row> {
  if (evidence && !(await readableEvidence(tx, { session, reach }, [evidence]))(evidence))
    throw refuseStatus(422, `There is nothing with the id ${evidence.id}.`)
  const next: Row = {
    ...row,
    state,
    source: source ?? row.source,
    givenOn: on ?? (state === row.state ? row.givenOn : dayOf(tx.now)),
    expiresOn: expires === undefined ? row.expiresOn : expires,
    note: note ?? row.note,
    ...(evidence !== undefined && { evidenceKind: evidence?.kind ?? null, evidenceId: evidence?.id ?? null }),
  }
  if (next.expiresOn !== null && next.expiresOn <= next.givenOn)
    throw refuseStatus(422, 'It ends after the day on which it begins.')
  return next
}

async function mustFind(reader: Reader, { party }: Opened, item: ConsentId): Promise<ConsentRow> {
  const row = (await consentsOf(reader, party.row.id)).find(({ id }) => id === item)
  if (!row) throw notThere()
  return row
}

function saved(row: ConsentRow | undefined): ConsentRow {
  if (!row) throw new Error('The consent was not written.')
  return row
}

function foldWord(given: string): string {
  return given.trim().replace(/\s+/g, ' ').toLowerCase()
}
