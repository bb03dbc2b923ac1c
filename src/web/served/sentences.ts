import type { TFunction } from 'i18next'
import type { Dates } from '../ui/dates.ts'
import type { Served, ServedObject } from './served.ts'

/** What is said of one device. */
export interface Told {
  /** What happened, one sentence after the other. */
  readonly said: readonly string[]
  /** What can be done about it. */
  readonly advice: readonly string[]
}

interface Known {
  readonly served: Served
  readonly object: ServedObject
  /** When the device was used last. */
  readonly usedAt: string | null
}

/** Tells in words why something is, or is not, on a device. @param t  of the texts of this part */
export function sentencesOf(t: TFunction<'served'>, dates: Dates, known: Known): Told {
  const { served, object, usedAt } = known
  const at = (when: string | null | undefined): string =>
    when === null || when === undefined ? t('never') : dates.time(when)
  const values = {
    collection: object.collection.title,
    ...{ asked: at(served.askedAt), used: at(usedAt), changed: at(object.changedAt) },
    ...{ has: at(served.has?.at), wrote: at(served.wrote?.at) },
  }
  const said = [t(`said.${whatOf(served)}`, values)]
  if (served.state === 'outside') said.push(windowOf(t, dates, served))
  if (served.state === 'older') said.push(t('said.has', values))
  for (const { at: when, reason } of served.refusals)
    said.push(t('said.refused', { when: dates.time(when), reason: reasonOf(t, reason) }))
  const advice = [t(`advice.${adviceOf(served)}`, values)]
  if (served.refusals.length > 0) advice.push(t('advice.refused'))
  return { said, advice }
}

function whatOf({ state, why, wrote, has }: Served) {
  if (state === 'outside') return 'outside'
  if (state === 'current') return wrote !== null && wrote.revision === has?.revision ? 'wrote' : 'current'
  return why ?? 'silent'
}

function adviceOf({ state, why }: Served) {
  return state === 'outside' || state === 'current' ? state : (why ?? 'silent')
}

function windowOf(t: TFunction<'served'>, { day }: Dates, { from, until }: Served): string {
  if (from !== null && until !== null) return t('window.both', { from: day(from), until: day(until) })
  if (from !== null) return t('window.from', { from: day(from) })
  return t('window.until', { until: until === null ? '' : day(until) })
}

/** Those whose names say nothing to whoever uses a phone. */
const known = ['precondition-failed', 'no-uid-conflict', 'valid-calendar-data', 'valid-address-data'] as const

/** The precondition that failed, in words where there are some. */
export function reasonOf(t: TFunction<'served'>, reason: string): string {
  const name = known.find((one) => reason.endsWith(one))
  return name === undefined ? reason : t(`reasons.${name}`)
}
