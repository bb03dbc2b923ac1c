import {
  IconAddressBook,
  IconCalendar,
  IconChecklist,
  IconFolder,
  IconForms,
  IconHeartHandshake,
  IconServerCog,
  IconTransfer,
  IconTrash,
  IconUserCircle,
} from '@tabler/icons-react'
import type { Capability } from '../client/capabilities.ts'

/** A part of the app that the navigation leads to. */
export interface Place {
  readonly path: string
  /** Its text is `nav.{name}` in ui/texts. */
  readonly name: string
  readonly icon: typeof IconAddressBook
  /** One of those that a phone has at the bottom: four at most; all others are behind "More". */
  readonly isMain: boolean
  /** Pages beside it that belong to it. */
  readonly beside?: readonly string[]
  /** Only for who may do one of these. */
  readonly needs?: readonly Capability[]
}

/** All parts, in their order. Each has its page in routes.tsx. */
export const places: readonly Place[] = [
  {
    ...{ path: '/contacts', name: 'contacts', icon: IconAddressBook, isMain: true },
    beside: ['/duplicates', '/erasures'],
  },
  { path: '/calendar', name: 'calendar', icon: IconCalendar, isMain: true },
  { path: '/tasks', name: 'tasks', icon: IconChecklist, isMain: true },
  { path: '/files', name: 'files', icon: IconFolder, isMain: true },
  { path: '/keep-in-touch', name: 'touch', icon: IconHeartHandshake, isMain: false },
  {
    ...{ path: '/fields', name: 'fields', icon: IconForms, isMain: false },
    needs: ['define-fields', 'define-labels'],
  },
  { path: '/import', name: 'import', icon: IconTransfer, isMain: false },
  { path: '/trash', name: 'trash', icon: IconTrash, isMain: false },
  {
    ...{ path: '/account', name: 'account', icon: IconUserCircle, isMain: false },
    // Of the devices of whoever asks.
    beside: ['/served'],
  },
  { path: '/admin', name: 'admin', icon: IconServerCog, isMain: false, needs: ['administer'] },
]

/** Whether an address is that of a page of a place. */
export function isAt({ path, beside = [] }: Place, location: string): boolean {
  return [path, ...beside].some((one) => location === one || location.startsWith(`${one}/`))
}
