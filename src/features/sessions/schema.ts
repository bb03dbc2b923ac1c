import { z } from 'zod'
import { pageOf, paging } from '../../api/schema.ts'
import { account } from '../accounts/schema.ts'

/** What one signs in with: the name and the password of an account. */
export const signIn = z.strictObject({
  name: z.string().trim().min(1).max(500),
  password: z.string().min(1).max(500),
})

/** Who is signed in. */
export const signedIn = z.object({
  account,
  /** What every change has to carry as X-CSRF-Token; null for whoever is not signed in with a cookie. */
  csrfToken: z.string().nullable(),
})

/** A browser that is signed in. */
export const webSession = z.object({
  id: z.int(),
  /** Where it was signed in from, and with which browser, as that says. */
  address: z.string(),
  agent: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime(),
  /** The one that asks. */
  isThis: z.boolean(),
})
export const webSessionList = z.object({ sessions: z.array(webSession) })

/** How many others were signed out. */
export const signedOut = z.object({ count: z.int() })

/** A new password of one's own. */
export const passwordChange = z.strictObject({
  current: z.string().min(1).max(500),
  password: z.string().min(1).max(500),
})

/** For whom somebody who administers makes a link. */
export const wantedPasswordLink = z.strictObject({ name: z.string().trim().min(1).max(500) })

/** A link by which somebody chooses a new password, once; it is shown this once. */
export const passwordLink = z.object({ url: z.string(), expiresAt: z.iso.datetime() })

/** A new password for whoever has the link. */
export const passwordByLink = z.strictObject({
  secret: z.string().min(1).max(200),
  password: z.string().min(1).max(500),
})

const outcome = z.enum(['accepted', 'refused'])

export const signInQuery = z.object({ ...paging, outcome: outcome.optional() })
/** The same of one account only. */
export const allSignInsQuery = z.object({
  ...paging,
  outcome: outcome.optional(),
  account: z.string().trim().min(1).max(200).optional(),
})

const signInFields = {
  id: z.int(),
  /** In a browser, or with a program by the password of the account or of a device. */
  way: z.enum(['browser', 'password', 'device']),
  outcome,
  device: z.string().nullable(),
  address: z.string(),
  agent: z.string(),
  /** The same from the same place in one day is one, and counted. */
  count: z.int(),
  at: z.iso.datetime(),
  lastAt: z.iso.datetime(),
}
/** That somebody signed in, or was refused. */
export const signInPage = pageOf(z.object(signInFields))
export const allSignInsPage = pageOf(z.object({ ...signInFields, account: z.string() }))

/** Who is let in no more for a while: an account from an address, or all of that address. */
export const blockedList = z.object({
  blocked: z.array(
    z.object({
      /** As it was given: it need not exist. Null where nobody gets in from there. */
      account: z.string().nullable(),
      address: z.string(),
      until: z.iso.datetime(),
    }),
  ),
})
/** Without an account, the whole address. */
export const releaseQuery = z.object({
  account: z.string().max(500).default(''),
  address: z.string().max(100),
})
