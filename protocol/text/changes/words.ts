import type { Change } from './between.ts'

/** One change as people are told it. */
export interface ToldChange {
  /** What of the object: `phone`, `start`; the name of the property where there is no word for it. */
  readonly what: string
  readonly how: 'added' | 'changed' | 'removed'
}

/** What programs write anew with every change, which tells nobody anything. */
const silent = new Set([
  ...['REV', 'PRODID', 'DTSTAMP', 'LAST-MODIFIED', 'CREATED', 'SEQUENCE', 'VERSION', 'X-MOZ-GENERATION'],
])

const words: Readonly<Record<string, string>> = {
  FN: 'name',
  N: 'name',
  NICKNAME: 'nickname',
  TEL: 'phone',
  EMAIL: 'mail address',
  ADR: 'address',
  ORG: 'company',
  TITLE: 'job title',
  ROLE: 'role',
  URL: 'web address',
  IMPP: 'chat address',
  NOTE: 'note',
  PHOTO: 'photo',
  BDAY: 'birthday',
  ANNIVERSARY: 'anniversary',
  CATEGORIES: 'labels',
  RELATED: 'relation',
  'X-ABRELATEDNAMES': 'relation',
  'X-ABDATE': 'date',
  MEMBER: 'members',
  'X-ADDRESSBOOKSERVER-MEMBER': 'members',
  SUMMARY: 'title',
  DESCRIPTION: 'description',
  LOCATION: 'place',
  DTSTART: 'start',
  DTEND: 'end',
  DURATION: 'length',
  DUE: 'due date',
  COMPLETED: 'completion',
  'PERCENT-COMPLETE': 'progress',
  PRIORITY: 'priority',
  RRULE: 'repetition',
  EXDATE: 'left out dates',
  RDATE: 'extra dates',
  ATTENDEE: 'guest',
  ORGANIZER: 'organizer',
  ATTACH: 'attachment',
  STATUS: 'status',
  TRANSP: 'free or busy',
  CLASS: 'who may see it',
  'RELATED-TO': 'main task',
  VALARM: 'alarm',
  VTIMEZONE: 'time zone',
}

type Located = Pick<Change, 'path' | 'one' | 'other'>

/** A change in plain words; undefined for what tells nobody anything. */
export function toldChange({ path, one, other }: Located): ToldChange | undefined {
  const steps = path.split('/').map((step) => step.split(' '))
  const [last = '', key] = steps.pop() ?? []
  if (silent.has(last)) return undefined
  const within = steps.find(([name]) => name === 'VALARM' || name === 'VTIMEZONE')?.[0]
  const instance = steps.find(([name, when]) => when !== undefined && name !== 'VTIMEZONE')?.[1]
  const own = key === undefined || last === 'VTIMEZONE' ? (words[last] ?? last) : `instance ${key}`
  const what = within === undefined ? own : (words[within] ?? within)
  return {
    what: instance === undefined ? what : `${what} of instance ${instance}`,
    how: within !== undefined || (one && other) ? 'changed' : one ? 'removed' : 'added',
  }
}

/** Changes in one sentence: `phone added, note changed`. Each is named once, so many at most. */
export function toldChanges(changes: readonly Located[], most = 8): string {
  const told = changes.flatMap((change) => toldChange(change) ?? [])
  const all = [...new Set(told.map(({ what, how }) => `${what} ${how}`))]
  const more = all.length > most ? [`${all.length - most} more`] : []
  return [...all.slice(0, most), ...more].join(', ')
}
