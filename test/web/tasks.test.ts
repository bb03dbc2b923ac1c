import { expect, it } from 'vitest'
import { dueDay, dueText } from '../../src/web/tasks/due.ts'

const due = { due: '2026-03-02T00:30:00', zone: 'UTC' }

it('a task is due by the clocks of whoever looks', () => {
  expect(dueDay(due, 'America/New_York')).toBe('2026-03-01')
  expect(dueDay(due, 'Europe/Berlin')).toBe('2026-03-02')
  expect(dueText('en-GB', due, 'America/New_York')).toBe('1 Mar 2026, 19:30')
})

it('RFC 5545 §3.3.5 a floating time and a day are the same everywhere', () => {
  expect(dueDay({ ...due, zone: null }, 'America/New_York')).toBe('2026-03-02')
  expect(dueText('en-GB', { ...due, zone: null }, 'Asia/Tokyo')).toBe('2 Mar 2026, 00:30')
  expect(dueText('en-GB', { due: '2026-03-02', zone: null }, 'America/New_York')).toBe('2 Mar 2026')
})
