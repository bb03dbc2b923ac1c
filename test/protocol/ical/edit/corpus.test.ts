import { describe, expect, it } from 'vitest'
import { readCalendar } from '../../../../protocol/ical/calendar.ts'
import { eventRows } from '../../../../protocol/ical/details/row.ts'
import { editAll, editInstance } from '../../../../protocol/ical/edit/edit-event.ts'
import { editTask } from '../../../../protocol/ical/edit/edit-task.ts'
import type { Editing } from '../../../../protocol/ical/edit/open.ts'
import { EditError } from '../../../../protocol/ical/edit/patch.ts'
import { splitCalendar } from '../../../../protocol/ical/split.ts'
import { utcZone } from '../../../../protocol/ical/timezone.ts'
import { readContentLines } from '../../../../protocol/text/content-lines.ts'
import { calendarFiles } from '../objects.ts'

const editing = (): Editing => ({ now: Date.UTC(2026, 0, 1), budget: { steps: 50_000 }, revises: () => true })
const meant = new Set(['SUMMARY', 'DTSTAMP', 'LAST-MODIFIED', 'SEQUENCE'])

/** Content lines with their folds and line ends; those that are meant to change are left out. */
function linesOf(text: string): string[] {
  const lines = [...readContentLines(text)].filter((line) => 'broken' in line || !meant.has(line.name))
  return lines.map(({ start, end }) => text.slice(start, end))
}

function lost(before: string, after: string): string[] {
  const left = linesOf(after)
  return linesOf(before).filter((line) => {
    const at = left.indexOf(line)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

function objectsOf(text: string): { text: string; component: string }[] {
  const parts = [...splitCalendar(text, () => 'given')]
  return parts.flatMap((part) => (part.kind === 'object' ? [part] : [])).slice(0, 20)
}

/** @returns whether it could be edited */
function keepsLines(text: string, edit: (text: string) => string): boolean {
  try {
    const edited = edit(text)
    expect(lost(text, edited)).toEqual([])
    readCalendar(edited)
    return edited !== text
  } catch (error) {
    if (error instanceof EditError) return false
    throw error
  }
}

describe('real events and tasks that are edited', () => {
  it('keep every line that was not meant, with its folds', () => {
    let edited = 0
    for (const file of calendarFiles()) {
      for (const { text, component } of objectsOf(file.text)) {
        const change = { title: 'Quite another, with ü and a\nline' }
        if (component === 'VEVENT' && keepsLines(text, (own) => editAll(own, change, undefined, editing())))
          edited += 1
        if (component === 'VTODO') keepsLines(text, (own) => editTask(own, change, editing()))
      }
    }
    expect(edited).toBeGreaterThan(3)
  })

  it('RFC 5545 §3.8.4.4 are as they were beside an exception that is made', () => {
    let edited = 0
    const range = { from: Date.UTC(1990, 0, 1), to: Date.UTC(2040, 0, 1), zone: utcZone }
    for (const file of calendarFiles()) {
      for (const { text, component } of objectsOf(file.text)) {
        if (component !== 'VEVENT' || !/^RRULE/m.test(text)) continue
        const [, second] = takeRows(text, range)
        const instance = second?.instance
        if (!instance) continue
        if (keepsLines(text, (own) => editInstance(own, { title: 'One' }, instance, editing()))) edited += 1
      }
    }
    expect(edited).toBeGreaterThan(1)
  })
})

function takeRows(text: string, range: Parameters<typeof eventRows>[1]) {
  const rows = []
  for (const row of eventRows(text, range, { steps: 100_000 })) {
    rows.push(row)
    if (rows.length === 2) break
  }
  return rows
}
