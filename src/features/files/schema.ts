import { z } from 'zod'
import { pageOf, paging } from '../../api/schema.ts'

const name = z
  .string()
  .min(1)
  .max(250)
  .refine((text) => !/[/\\\p{Cc}]/u.test(text) && text.trim() === text && text !== '.' && text !== '..', {
    error: 'a name has no slashes and no control characters, and no blanks around it',
  })
const author = z.object({ name: z.string(), displayName: z.string() }).nullable()
const count = z.int().min(0)

/** What whoever asks may do: change the content, add to a folder, delete, rename and move, open a folder to others. */
const rights = z.object({
  edit: z.boolean(),
  add: z.boolean(),
  remove: z.boolean(),
  rename: z.boolean(),
  share: z.boolean(),
})

/** A folder or a file. */
export const fileEntry = z.object({
  id: z.int(),
  kind: z.enum(['folder', 'file']),
  name: z.string(),
  /** Media type; null for a folder. */
  type: z.string().nullable(),
  size: count,
  /** For If-Match of a change of name or place, and of deleting it. */
  etag: z.string(),
  /** For If-Match of other content; null for a folder. */
  contentEtag: z.string().nullable(),
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  /** Who wrote it last. */
  author,
  home: z.int(),
  /** The folder it lies in; null in the home itself. */
  parent: z.int().nullable(),
  rights,
  /** Whether there is a smaller picture of it. */
  hasPreview: z.boolean(),
})

/** Where the folders and files of an account or a group are. */
export const fileHome = z.object({
  id: z.int(),
  name: z.string(),
  title: z.string(),
  kind: z.string(),
  isMine: z.boolean(),
  /** Its address for WebDAV. */
  href: z.string(),
  rights: z.object({ add: z.boolean() }),
  usedBytes: count,
  availableBytes: count,
})

export const fileHomes = z.object({
  items: z.array(fileHome),
  /** Folders in homes that the caller does not read as a whole. */
  shared: z.array(fileEntry),
})

/** One of them, with the folders around it that the caller reads, the uppermost first. */
export const fileDetails = fileEntry.extend({
  folders: z.array(z.object({ id: z.int(), name: z.string() })),
  owner: z.object({ name: z.string(), displayName: z.string(), isMine: z.boolean() }),
})

export const filePage = pageOf(fileEntry)
export const childrenQuery = z.object(paging)
/** Below the homes: `/NAME/Offers/2026.pdf`. */
export const pathQuery = z.object({ path: z.string().min(1).max(10_000) })

/** What is said of a file that is sent. */
export const newFile = z.object({
  name,
  /** Where there is one of this name: refuse, take its place, or have another name. */
  onClash: z.enum(['refuse', 'replace', 'rename']).default('refuse'),
})
export const newFolder = z.strictObject({ name })

/** Another name, another folder, or the home itself; what is not named stays. */
export const fileChange = z.strictObject({
  name: name.optional(),
  folder: z.int().positive().optional(),
  home: z.int().positive().optional(),
})

/** `of` says nothing here: with the tag of the content in it a browser keeps each content apart. */
const of = z.string().max(200).optional()
export const contentQuery = z.object({ download: z.enum(['0', '1']).default('0'), of })
/** Pixels of the longer side. */
export const previewQuery = z.object({ size: z.enum(['96', '320', '1280']).default('320'), of })

/** The contents that a file had, the newest first. */
export const fileVersions = z.object({
  items: z.array(
    z.object({
      version: z.int(),
      at: z.iso.datetime(),
      author,
      name: z.string(),
      type: z.string(),
      size: count,
      /** Whether it is what the file has now. */
      isNow: z.boolean(),
    }),
  ),
})

/** The folders and files that are tied to somebody, as far as the caller reads them, the latest tied first. */
export const partyLinks = pageOf(
  z.object({
    /** Of the link, which is taken away by DELETE of `/party-links/:id`. */
    id: z.int(),
    at: z.iso.datetime(),
    /** Who tied it. */
    author,
    file: fileEntry,
  }),
)

/** A file that was sent straight to somebody. */
export const partyFile = z.object({ link: z.int(), file: fileEntry })

/** Whom a file is tied to, as far as the caller sees them. */
export const fileParties = z.object({
  items: z.array(
    z.object({
      link: z.int(),
      party: z.object({ id: z.int(), name: z.string(), kind: z.enum(['person', 'org']) }),
    }),
  ),
})

const folderAccess = z.enum(['read', 'read-write'])

/** A user or a group, by name or mail address, and what they may do in a folder. */
export const newFolderShare = z.strictObject({ with: z.string().min(1).max(500), access: folderAccess })

/** With whom a folder is shared; what lies around it may be open to others too. */
export const folderShares = z.object({
  items: z.array(
    z.object({
      with: z.object({ name: z.string(), kind: z.string(), displayName: z.string() }),
      access: folderAccess,
    }),
  ),
})

/** A public link to a folder that is to be made. */
export const newFolderLink = z.strictObject({
  /** From when on there is nothing at it; without it never. */
  expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
})

/** A public link to a folder. */
export const folderLink = z.object({
  id: z.int(),
  folder: z.object({ id: z.int(), name: z.string() }),
  /** The address below that of the server; for those only who may write. */
  path: z.string().optional(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
})
export const folderLinks = z.object({ items: z.array(folderLink) })
