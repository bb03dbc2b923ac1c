import { z } from 'zod'
import { pageOf, paging } from '../../api/schema.ts'

export const trashKinds = ['card', 'event', 'task', 'collection', 'file', 'list', 'link'] as const
const kind = z.enum(trashKinds)

export const trashQuery = z.object({
  ...paging,
  kind: kind.optional(),
  /** In its name, or in what people call it. */
  q: z.string().max(200).optional(),
})

/** Something that was deleted, and that can be brought back. */
export const trashed = z.object({
  id: z.string(),
  kind,
  /** VEVENT, VTODO, VCARD …; calendar, addressbook; folder, file; list; link. */
  component: z.string(),
  deletedAt: z.iso.datetime(),
  /** Its name in URLs. */
  name: z.string(),
  /** The name of the person, the title of the event, the display name of the collection, the name of the list, the label of
   * the link or else what it led to; empty without one. */
  title: z.string(),
  /** The name of the collection it was in, or the path of the folder; what a link led to; empty where there is none. */
  place: z.string(),
  /** The device that deleted it, or how it was deleted. */
  device: z.string(),
})

/** A page may be shorter than asked for, and have another behind it. */
export const trashPage = pageOf(trashed)

/** Where it is again. */
export const broughtBack = z.object({ name: z.string(), place: z.string() })

/** Objects, collections, folders, files, lists and links that are gone for good. */
export const emptied = z.object({ removed: z.int() })
