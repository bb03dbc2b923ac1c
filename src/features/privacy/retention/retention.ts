import { Refusal } from '../../../../protocol/dav/preconditions.ts'
import { findFact } from '../../../../storage/facts/fact-rows.ts'
import { type ConsentRow, consentTable } from '../../../../storage/facts/tables.ts'
import type { Origin } from '../../../../storage/origin.ts'
import { findPrincipalById } from '../../../../storage/principals.ts'
import {
  countOutlived,
  listOutlived,
  type Outlived,
  type OutlivedRow,
} from '../../../../storage/privacy/outlived.ts'
import {
  addRetentionLog,
  findRetentionRule,
  type RetentionRuleRow,
} from '../../../../storage/privacy/retention-rules.ts'
import { type Reader, WriteConflictError, type Writer } from '../../../../storage/store.ts'
import { findActivity } from '../../../../storage/timeline/activities.ts'
import { actingFor, type Session } from '../../../auth/session.ts'
import type { Services } from '../../../services.ts'
import { letGoConsent } from '../../consents/consents.ts'
import { dayOf } from '../../facts/days.ts'
import { writableBooks } from '../../people/asking.ts'
import { reachOf } from '../../people/reach.ts'
import { may } from '../../team/team-roles.ts'
import { letGo, readerOf } from '../../timeline/activities.ts'
import { eraseParty, previewErasure } from '../erase.ts'

const dayMs = 86_400_000
const batch = 50

/** What a rule is about at this moment, and for whom it is done. */
export interface Aim {
  readonly session: Session
  readonly outlived: Outlived
}

/**
 * What a rule would take away now: what whoever stands for it may take away himself. Undefined where nobody does, or he may
 * not any more.
 */
export async function aimOf(
  reader: Reader,
  rule: RetentionRuleRow,
  { settings, now }: Pick<Services, 'settings' | 'now'>,
): Promise<Aim | undefined> {
  const author = rule.authorId === null ? undefined : await findPrincipalById(reader, rule.authorId)
  if (!author) return undefined
  const session = actingFor(author, settings)
  for (const capability of ['administer', 'erase'] as const)
    if (!(await may(reader, session, capability))) return undefined
  const before = now() - rule.days * dayMs
  const { kind, role, bookId } = rule
  const { principals } = await readerOf(reader, session)
  const outlived = {
    ...{ kind, role, bookId, before, beforeDay: dayOf(before), today: dayOf(now()) },
    ...{ books: [...writableBooks(await reachOf(reader, session))], principals: [...principals] },
  }
  return { session, outlived }
}

/** Does what a rule says, as far as it goes in a day, and writes down how much it was. */
export async function applyRule(
  services: Services,
  rule: RetentionRuleRow,
  signal: AbortSignal,
): Promise<void> {
  const { store } = services
  const found = await store.read(async (reader) => {
    const aim = await aimOf(reader, rule, services)
    return aim ? countOutlived(reader, aim.outlived) : 0
  })
  if (found === 0) return
  const done = rule.action === 'apply' ? await takeAway(services, rule, signal) : 0
  await store.write((tx) => addRetentionLog(tx, rule, { found, done }))
}

async function takeAway(services: Services, rule: RetentionRuleRow, signal: AbortSignal): Promise<number> {
  const most = services.settings.retention.rulePerDay
  let done = 0
  for (let after: number | undefined = 0; after !== undefined && done < most && !signal.aborted; ) {
    const page: Page = { after, limit: Math.min(batch, most - done) }
    const rows = await nextOf(services, rule, page)
    for (const { id } of rows) if (!signal.aborted && (await takeOne(services, rule, id))) done += 1
    after = rows.length < page.limit ? undefined : rows.at(-1)?.id
  }
  return done
}

interface Page {
  readonly after: number
  readonly limit: number
}

function nextOf(services: Services, rule: RetentionRuleRow, page: Page): Promise<OutlivedRow[]> {
  return services.store.read(async (reader) => {
    const aim = await aimOf(reader, rule, services)
    return aim ? listOutlived(reader, aim.outlived, page) : []
  })
}

/** @returns whether it went: not what is wanted again meanwhile */
async function takeOne(services: Services, rule: RetentionRuleRow, id: number): Promise<boolean> {
  const origin: Origin = { kind: 'job', requestId: services.newId() }
  if (rule.kind === 'untouched') return eraseOne(services, rule, id, origin)
  return services.store.write(async (tx) => {
    if (!(await stillAimed(tx, rule, id, services))) return false
    return rule.kind === 'activities' ? dropActivity(tx, id, origin) : dropConsent(tx, id, origin)
  })
}

/** By what was looked at last, so that whoever is called or invited meanwhile stays. */
async function eraseOne(
  services: Services,
  rule: RetentionRuleRow,
  id: number,
  origin: Origin,
): Promise<boolean> {
  const looked = await services.store.read(async (reader) => {
    const aim = await stillAimed(reader, rule, id, services)
    return aim && { session: aim.session, token: (await previewErasure(reader, id)).token }
  })
  if (!looked) return false
  try {
    const wish = { partyId: id, attendees: 'keep', reason: 'retention', origin } as const
    await eraseParty(services, { ...wish, ...looked })
    return true
  } catch (error) {
    const isChanged = error instanceof Refusal && [404, 409].includes(error.status)
    if (isChanged || error instanceof WriteConflictError) return false
    throw error
  }
}

/** Whether the rule is what it was, and is still about this. */
async function stillAimed(
  reader: Reader,
  rule: RetentionRuleRow,
  id: number,
  services: Services,
): Promise<Aim | undefined> {
  const now = await findRetentionRule(reader, rule.id)
  if (now?.version !== rule.version) return undefined
  const aim = await aimOf(reader, now, services)
  if (!aim) return undefined
  const rows = await listOutlived(reader, { ...aim.outlived, id }, { after: 0, limit: 1 })
  return rows.length > 0 ? aim : undefined
}

async function dropActivity(tx: Writer, id: number, origin: Origin): Promise<boolean> {
  const row = await findActivity(tx, id)
  if (row) await letGo(tx, row, origin)
  return row !== undefined
}

async function dropConsent(tx: Writer, id: number, origin: Origin): Promise<boolean> {
  const row = await findFact<ConsentRow>(tx, consentTable, id)
  if (row) await letGoConsent(tx, row, origin)
  return row !== undefined
}
