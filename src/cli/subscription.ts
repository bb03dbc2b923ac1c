import { Refusal } from '../../protocol/dav/preconditions.ts'
import { findCollection } from '../../storage/collections.ts'
import { listHomes } from '../../storage/homes.ts'
import type { HomeId, PrincipalId } from '../../storage/ids.ts'
import type { Reader } from '../../storage/store.ts'
import { listSubscriptions, type SubscriptionState } from '../../storage/upkeep/subscriptions.ts'
import { findAccount } from '../features/accounts/accounts.ts'
import { removeCollection } from '../features/collections.ts'
import { addressesOf, maskedSource, readSource } from '../features/subscriptions/source.ts'
import { makeSubscription, subscriptionJob } from '../features/subscriptions/subscriptions.ts'
import { runNextJob } from '../jobs/run-job.ts'
import { jobs } from '../jobs/runner.ts'
import type { Services } from '../services.ts'
import {
  type Command,
  type Invocation,
  lineOf,
  plain,
  positional,
  text,
  UsageError,
  withServices,
} from './command.ts'

export const subscriptionAdd: Command = {
  words: ['subscription', 'add'],
  usage: 'NAME URL [--name D] [--every 1h] [--with-alarms]',
  summary:
    'Make a calendar that follows what is published at an address (https, http or webcal), and fetch it.',
  options: {
    name: { type: 'string', help: 'name shown to people (default: what the publisher calls it)' },
    every: { type: 'string', help: 'how often to fetch: 30m, 6h, 1d (default: as the publisher says)' },
    'with-alarms': { type: 'boolean', help: 'keep the alarms that are published' },
  },
  run: async (invocation) => {
    const { settings, values, print } = invocation
    const account = positional(invocation, 0, 'the NAME of the account')
    const source = sourceIn(invocation)
    const displayname = text(invocation, 'name') ?? null
    const properties = {
      source,
      displayname,
      refreshRate: intervalIn(invocation),
      stripAlarms: values['with-alarms'] === true ? 0 : 1,
    }
    return withServices(settings, async (services) => {
      const { store, newId } = services
      const made = await store.write(async (tx) => {
        const { id } = await findAccount(tx, account)
        const homeId = await calendarHome(tx, id)
        const name = await freeName(tx, homeId, displayname ?? addressesOf(source)[0]?.hostname ?? '')
        const origin = { kind: 'web', authorId: id } as const
        const calendar = { ...properties, name, resourceId: newId() }
        return makeSubscription(tx, homeId, calendar, origin, settings)
      })
      return refreshAll(services, account, [made.name], print)
    })
  },
}

export const subscriptionList: Command = {
  words: ['subscription', 'list'],
  usage: 'NAME',
  summary:
    'List what an account follows: calendar, objects, skipped ones, last and next time, address, last error.',
  options: {},
  run: async (invocation) => {
    const { settings, print } = invocation
    const account = positional(invocation, 0, 'the NAME of the account')
    const found = await withServices(settings, ({ store }) =>
      store.read((tx) => subscriptionsOf(tx, account)),
    )
    for (const one of found) {
      const { name, objects, skipped, fetchedAt, nextAt, source, lastError } = one
      const cells = [name, String(objects), String(skipped), time(fetchedAt), time(nextAt)]
      print(lineOf([...cells, maskedSource(source), lastError ?? '']))
    }
    return 0
  },
}

export const subscriptionRefresh: Command = {
  words: ['subscription', 'refresh'],
  usage: 'NAME [CALENDAR…]',
  summary: 'Fetch what an account follows now, all of it or some; see subscription list for the CALENDARs.',
  options: {},
  run: async (invocation) => {
    const { settings, positionals, print } = invocation
    const account = positional(invocation, 0, 'the NAME of the account')
    return withServices(settings, (services) => refreshAll(services, account, positionals.slice(1), print))
  },
}

export const subscriptionRemove: Command = {
  words: ['subscription', 'remove'],
  usage: 'NAME CALENDAR',
  summary: 'Follow it no more; the calendar goes to the trash with what was fetched.',
  options: {},
  run: async (invocation) => {
    const { settings, print } = invocation
    const account = positional(invocation, 0, 'the NAME of the account')
    const name = positional(invocation, 1, 'the CALENDAR (see subscription list)')
    await withServices(settings, ({ store }) =>
      store.write(async (tx) => {
        const { id } = await findAccount(tx, account)
        const row = await findCollection(tx, await calendarHome(tx, id), name)
        if (!row?.source) throw new UsageError(`${account} follows nothing as "${name}".`)
        await removeCollection(tx, row, { kind: 'web', authorId: id }, settings)
      }),
    )
    print(`${account} follows ${name} no more.`)
    return 0
  },
}

/** @returns the exit code: 1 when one could not be fetched */
async function refreshAll(
  services: Services,
  account: string,
  wanted: readonly string[],
  print: (line: string) => void,
): Promise<number> {
  const all = await services.store.read((tx) => subscriptionsOf(tx, account))
  const missing = wanted.find((name) => !all.some((one) => one.name === name))
  if (missing !== undefined) throw new UsageError(`${account} follows nothing as "${missing}".`)
  let failed = 0
  for (const { name, collectionId } of all.filter(
    (one) => wanted.length === 0 || wanted.includes(one.name),
  )) {
    const key = subscriptionJob(collectionId)
    const end = await runNextJob(services, jobs, new AbortController().signal, key)
    if (end?.kind === 'failed') failed += 1
    const now = (await services.store.read((tx) => subscriptionsOf(tx, account))).find(
      (one) => one.name === name,
    )
    print(describe(name, end?.kind, now).map(plain).join('\t'))
  }
  return failed > 0 ? 1 : 0
}

function describe(name: string, end: string | undefined, now: SubscriptionState | undefined): string[] {
  if (end === undefined) return ['busy', name, 'It is being fetched already.']
  if (end === 'failed') return ['failed', name, now?.lastError ?? '']
  return ['fetched', name, `${now?.objects ?? 0} objects, ${now?.skipped ?? 0} skipped`]
}

async function subscriptionsOf(reader: Reader, account: string): Promise<SubscriptionState[]> {
  return listSubscriptions(reader, (await findAccount(reader, account)).id)
}

async function calendarHome(reader: Reader, id: PrincipalId): Promise<HomeId> {
  const home = (await listHomes(reader, id)).find(({ kind }) => kind === 'calendars')
  if (!home) throw new UsageError('The account has no calendars.')
  return home.id
}

/** A segment for URLs that nothing in the home has. */
async function freeName(reader: Reader, homeId: HomeId, wish: string): Promise<string> {
  const plainWish = wish.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  const base = plainWish.slice(0, 40).replace(/^-+|-+$/g, '') || 'subscription'
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}-${number}`
    if (!(await findCollection(reader, homeId, name))) return name
  }
}

function sourceIn(invocation: Invocation): string {
  try {
    return readSource(positional(invocation, 1, 'the URL of the calendar'))
  } catch (error) {
    if (error instanceof Refusal) throw new UsageError(error.message)
    throw error
  }
}

/** As a DURATION. */
function intervalIn(invocation: Invocation): string | null {
  const given = text(invocation, 'every')
  if (given === undefined) return null
  const [, count, unit] = /^(\d{1,4})([mhd])$/.exec(given) ?? []
  if (count === undefined || Number(count) === 0) throw new UsageError('Give --every as 30m, 6h or 1d.')
  return unit === 'd' ? `P${count}D` : `PT${count}${unit?.toUpperCase()}`
}

function time(at: number | null): string {
  return at === null ? '' : new Date(at).toISOString()
}
