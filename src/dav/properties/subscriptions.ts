import { cs, dav, ical } from '../../../protocol/dav/names.ts'
import { refuse } from '../../../protocol/dav/preconditions.ts'
import { bit } from '../../../protocol/dav/privileges.ts'
import { child, textOf, type XmlElement } from '../../../protocol/dav/xml-read.ts'
import { escapeText, hrefElement } from '../../../protocol/dav/xml-write.ts'
import { readSource } from '../../features/subscriptions/source.ts'
import type { CollectionResource } from '../resource.ts'
import { live, type Property } from './property.ts'

/** Calendars that follow what somebody else publishes, as Apple's clients make them. */
export const subscriptions: readonly Property[] = [
  // The address may hold a password, or be one: only the owner sees it. The element has an href inside (DVX-15).
  live(cs('source'), {
    rfc: 'calendarserver-extensions',
    on: ['calendar'],
    get: ({ row, owner }, { session }) =>
      row.source === null || owner.id !== session.principal.id ? undefined : hrefElement(row.source),
    set: (value, _before, on) => {
      ownOnly(on)
      // A calendar of one's own would lose all that it holds, and one that follows nothing would be empty for ever.
      if (!value || (on && on.row.source === null)) {
        throw refuse('cannot-modify-protected-property', {
          message: 'What a calendar follows is said when it is made.',
        })
      }
      const href = child(value, dav('href'))
      return { source: readSource(textOf(href ?? value)) }
    },
  }),
  live(ical('refreshrate'), {
    rfc: 'Apple iCal',
    on: ['calendar'],
    get: ({ row }) => (row.refreshRate === null ? undefined : escapeText(row.refreshRate)),
    set: (value, _before, on) => {
      ownOnly(on)
      return { refreshRate: value ? textOf(value).trim() : null }
    },
  }),
  live(cs('subscribed-strip-alarms'), {
    rfc: 'calendarserver-extensions',
    on: ['calendar'],
    get: ({ row }) => (row.stripAlarms === 1 ? '' : undefined),
    set: (value, _before, on) => ({ stripAlarms: switched(value, on) }),
  }),
  live(cs('subscribed-strip-attachments'), {
    rfc: 'calendarserver-extensions',
    on: ['calendar'],
    get: ({ row }) => (row.stripAttachments === 1 ? '' : undefined),
    set: (value, _before, on) => ({ stripAttachments: switched(value, on) }),
  }),
  live(cs('subscribed-strip-todos'), {
    rfc: 'calendarserver-extensions',
    on: ['calendar'],
    get: ({ row }) => (row.stripTodos === 1 ? '' : undefined),
    set: (value, _before, on) => ({ stripTodos: switched(value, on) }),
  }),
]

/** On by being there. */
function switched(value: XmlElement | undefined, on: CollectionResource | undefined): number {
  ownOnly(on)
  return value ? 1 : 0
}

/**
 * What is fetched is the same for everybody: sharees do not change it, by their mount or at its owner's. It fills a calendar
 * that nobody may write in, so that it takes who may do everything there.
 */
function ownOnly(on: CollectionResource | undefined): void {
  if (!on || (!on.mount && (on.access & bit['write-acl']) !== 0)) return
  throw refuse('cannot-modify-protected-property', { message: 'This is for the owner to set.' })
}
