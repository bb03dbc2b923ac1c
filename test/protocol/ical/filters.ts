import type { CompFilter, ParamFilter, PropFilter, TimeRange } from '../../../protocol/ical/filter-types.ts'
import type { TextMatch } from '../../../protocol/text/collation.ts'
import { at } from './objects.ts'

export function range(start?: string, end?: string): TimeRange {
  return { start: start === undefined ? undefined : at(start), end: end === undefined ? undefined : at(end) }
}

export function comp(name: string, more: Partial<CompFilter> = {}): CompFilter {
  return { name, isNotDefined: false, props: [], comps: [], test: 'allof', ...more }
}

/** The filter of a whole object. */
export function whole(...comps: readonly CompFilter[]): CompFilter {
  return comp('VCALENDAR', { comps })
}

/** A filter for components of that name in a time range. */
export function inRange(name: string, start?: string, end?: string): CompFilter {
  return whole(comp(name, { timeRange: range(start, end) }))
}

export function prop(name: string, more: Partial<PropFilter> = {}): PropFilter {
  return { name, isNotDefined: false, params: [], test: 'allof', ...more }
}

export function param(name: string, more: Partial<ParamFilter> = {}): ParamFilter {
  return { name, isNotDefined: false, ...more }
}

export function text(value: string, more: Partial<TextMatch> = {}): TextMatch {
  return { value, collation: 'i;ascii-casemap', negate: false, match: 'contains', ...more }
}
