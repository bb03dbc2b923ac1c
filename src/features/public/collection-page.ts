import { type Budget, BudgetError } from '../../../protocol/ical/budget.ts'
import { type EventRow, eventRows } from '../../../protocol/ical/details/row.ts'
import { ianaZone, utcZone, type Zone } from '../../../protocol/ical/timezone.ts'
import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import { queryInstances } from '../../../storage/calendar-index.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import { findObjectsByIds } from '../../../storage/objects.ts'
import { findPrincipalById } from '../../../storage/principals.ts'
import type { Services } from '../../services.ts'
import { inParts } from '../parts.ts'
import { createPause } from '../pause.ts'
import { readObjectTexts } from '../texts.ts'
import { type CollectionTexts, collectionTexts } from './collection-texts.ts'
import { escaped, type Language, page } from './paper.ts'

const dayMs = 86_400_000
/** What a page tells of. */
const shownMs = 28 * dayMs
const mostShown = 100
/** Events that are read for it. */
const mostRead = 1_000
const mostLetters = 300
/** A page may cost as much as so many of the costliest events. */
const costliest = 10

interface Asked {
  /** What of a calendar object is for strangers; undefined leaves it out. */
  readonly shown: (text: string) => string | undefined
  /** Where it is served, with scheme and host. */
  readonly address: string
  readonly language: Language
}

/** What somebody sees who opens a public link to a calendar or an address book in a browser: HTML. */
export async function collectionPage(
  services: Pick<Services, 'store' | 'settings' | 'now'>,
  collection: CollectionRow,
  { shown, address, language }: Asked,
): Promise<string> {
  const texts = collectionTexts[language]
  const isCalendar = collection.kind === 'calendar'
  const program = address.replace(/^https?:/, 'webcal:')
  return page(language, short(collection.displayname || collection.name), [
    `<p>${escaped(isCalendar ? texts.calendar : texts.book)}</p>`,
    isCalendar ? `<p><a href="${escaped(program)}">${escaped(texts.subscribe)}</a></p>` : '',
    `<p><a href="?file" download>${escaped(texts.keep)}</a></p>`,
    `<p>${escaped(texts.address)}<br><code>${escaped(address)}</code></p>`,
    ...(isCalendar ? await comingUp(services, collection, { shown, texts, language }) : []),
  ])
}

interface Telling extends Pick<Asked, 'shown' | 'language'> {
  readonly texts: CollectionTexts
}

async function comingUp(
  services: Pick<Services, 'store' | 'settings' | 'now'>,
  collection: CollectionRow,
  { shown, texts, language }: Telling,
): Promise<string[]> {
  const owner = await services.store.read((reader) => findPrincipalById(reader, collection.principalId))
  const zone = ianaZone(collection.timezoneId ?? owner?.timeZone ?? '') ?? utcZone
  const { rows, isCut } = await nextRows(services, collection, { shown, zone })
  const lines = rows.map((row) => lineOf(row, { zone, texts, language }))
  const count = new Intl.NumberFormat(language).format(mostShown)
  return [
    `<h2>${escaped(texts.next)}</h2>`,
    `<p>${escaped(lines.length === 0 ? texts.nothing : texts.zone.replace('{zone}', zone.name))}</p>`,
    lines.length === 0 ? '' : `<ul>${lines.join('')}</ul>`,
    isCut ? `<p>${escaped(texts.cut.replace('{count}', count))}</p>` : '',
  ]
}

/** What takes place from now on, in order. What cannot be read is left out, as it is of the file. */
async function nextRows(
  { store, settings, now }: Pick<Services, 'store' | 'settings' | 'now'>,
  collection: CollectionRow,
  { shown, zone }: Pick<Asked, 'shown'> & { readonly zone: Zone },
): Promise<{ readonly rows: readonly EventRow[]; readonly isCut: boolean }> {
  const from = now()
  const range = { from, to: from + shownMs, zone }
  const ids = await store.read(async (reader) => {
    const floating = { floatingStart: zone.toWall(from) - dayMs, floatingEnd: zone.toWall(range.to) + dayMs }
    const asked = { components: ['VEVENT'], start: from, end: range.to, ...floating }
    const { matches, candidates } = await queryInstances(reader, collection.id, asked)
    return [...matches, ...candidates]
  })
  const objects = await store.read((reader) => findObjectsByIds(reader, ids.slice(0, mostRead)))
  // One for the whole page: whoever opens it need not be anybody.
  const budget = { steps: settings.limits.recurrenceSteps * costliest }
  const pause = createPause()
  const rows: EventRow[] = []
  for (const part of inParts(objects))
    for (const text of (await store.read((reader) => readObjectTexts(reader, part))).values()) {
      const told = shown(text)
      if (told !== undefined) rows.push(...rowsIn(told, range, budget))
      const turn = pause()
      if (turn) await turn
    }
  const held = rows
    .filter(({ look }) => look.status !== 'CANCELLED')
    .toSorted((one, other) => one.startAt - other.startAt)
  return {
    rows: held.slice(0, mostShown),
    isCut: held.length > mostShown || ids.length > mostRead || budget.steps < 0,
  }
}

function rowsIn(text: string, range: Parameters<typeof eventRows>[1], budget: Budget): EventRow[] {
  const rows: EventRow[] = []
  try {
    for (const row of eventRows(text, range, budget)) if (rows.push(row) > mostShown) break
  } catch (error) {
    if (!(error instanceof InvalidObjectError || error instanceof BudgetError)) throw error
  }
  return rows
}

/** A page has so much room for each: whoever wants all of it takes the file. */
function short(text: string): string {
  const letters = [...text.slice(0, 2 * mostLetters + 2)]
  return letters.length > mostLetters ? `${letters.slice(0, mostLetters).join('')}…` : text
}

interface Line {
  readonly zone: Zone
  readonly texts: CollectionTexts
  readonly language: Language
}

function lineOf({ start, end, allDay, look }: EventRow, { zone, texts, language }: Line): string {
  const at = (text: string): number =>
    text.endsWith('Z') ? Date.parse(text) : zone.toUtc(Date.parse(`${text}${allDay ? 'T00:00' : ''}Z`))
  const clock = allDay ? {} : ({ hour: 'numeric', minute: '2-digit' } as const)
  const days = { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' } as const
  const format = new Intl.DateTimeFormat(language, { ...days, ...clock, timeZone: zone.name })
  // The day at which it ends is none of its days.
  const last = allDay ? Math.max(at(end) - 1, at(start)) : at(end)
  const told = [format.formatRange(at(start), last), short(look.location)].filter((text) => text !== '')
  return `<li><b>${escaped(short(look.title) || texts.untitled)}</b><span>${escaped(told.join(' · '))}</span></li>`
}
