/** The kinds of client whose ways with cards are known. */
export const deviceKinds = [
  'apple',
  'davx5',
  'davx5-groups',
  'thunderbird',
  'evolution',
  'kde',
  'outlook',
  'other',
] as const

export type DeviceKind = (typeof deviceKinds)[number]

/** What a kind of client makes of cards. */
export interface DeviceTraits {
  /** For people: what goes by this kind. */
  readonly title: string
  /** The vCard version given where a request names none; 'stored' is whichever the card is kept in. */
  readonly version: '3.0' | 'stored'
  /** Whether the client can read no other version, whatever it accepts (ABK-01). */
  readonly only?: '3.0'
  /** How it knows lists of people: as cards of their own, as CATEGORIES of the people's cards, or both ways. */
  readonly lists: ListDialect
  /** What it takes of a photo that is inside a card; undefined where any goes. */
  readonly photo?: PhotoLimits
  /** Whether what it cannot hold is kept when it writes a card, unless its app password says otherwise. */
  readonly merge: boolean
}

/**
 * How lists of people are seen: as cards of their own, people's cards then being without CATEGORIES; as these CATEGORIES, without cards; or
 * all that clients have stored, both ways.
 */
export type ListDialect = 'cards' | 'categories' | 'both'

export interface PhotoLimits {
  /** Of the decoded image. */
  readonly octets: number
  /** Pixels of the longer side. */
  readonly edge: number
}

/** Where a client is not known: cards as they are stored, and what it sends as it is sent. */
const unknown: DeviceTraits = { title: 'anything else', version: '3.0', lists: 'both', merge: false }

/** iCloud takes 224 KB of a photo, and 256 KB of a card; a Mac makes larger ones (ABK-05). */
const appleLimits: PhotoLimits = { octets: 224 * 1_024, edge: 1_024 }
/** Android keeps 720 pixels of a photo, and what passes between its programs at once is less than a megabyte. */
const androidLimits: PhotoLimits = { octets: 256 * 1_024, edge: 720 }
/** Exchange keeps 648 pixels; Outlook wants JPEG (MS-OXOCNTC §2.2.1.8). */
const outlookLimits: PhotoLimits = { octets: 128 * 1_024, edge: 648 }

/**
 * What is known of each kind. The README lists the kinds for people; what of a card each cannot hold is in the rules of the
 * protective merge.
 */
const traits: Readonly<Record<DeviceKind, DeviceTraits>> = {
  apple: {
    title: 'iPhone, iPad, Mac',
    version: '3.0',
    only: '3.0',
    lists: 'cards',
    photo: appleLimits,
    merge: true,
  },
  davx5: {
    title: 'DAVx⁵, groups as categories',
    version: 'stored',
    lists: 'categories',
    photo: androidLimits,
    merge: true,
  },
  'davx5-groups': {
    title: 'DAVx⁵, groups as cards',
    version: 'stored',
    lists: 'cards',
    photo: androidLimits,
    merge: true,
  },
  thunderbird: { title: 'Thunderbird', version: 'stored', lists: 'categories', merge: true },
  evolution: { title: 'Evolution, GNOME', version: 'stored', lists: 'both', merge: true },
  kde: { title: 'Kontact, Merkuro', version: '3.0', lists: 'categories', merge: true },
  outlook: {
    title: 'Outlook CalDav Synchronizer',
    version: '3.0',
    lists: 'categories',
    photo: outlookLimits,
    merge: true,
  },
  other: unknown,
}

/** What is known of a kind of client, as an app password names it; without one, what holds for any client. */
export function traitsOf(kind: string | undefined): DeviceTraits {
  return isDeviceKind(kind) ? traits[kind] : unknown
}

export function isDeviceKind(kind: string | undefined): kind is DeviceKind {
  return deviceKinds.some((known) => known === kind)
}

/** The beginnings and parts of User-Agent headers; others put Apple's names somewhere inside theirs. */
const agents: readonly (readonly [DeviceKind, RegExp])[] = [
  ['apple', /^(?:iOS|iPadOS|macOS|visionOS|watchOS|Mac[ +_]OS[ +_]X|DAVKit|AddressBook)\b/i],
  ['davx5', /^(?:DAVx5|OpenSync)\//],
  ['thunderbird', /\bThunderbird\//],
  ['evolution', /^(?:Evolution|gnome-online-accounts)\//],
  ['kde', /^KDE DAV groupware client/],
  ['outlook', /^CalDavSynchronizer\//],
]

/**
 * The kind that a client's User-Agent speaks of, for a person to confirm: it decides nothing by itself. Which way DAVx5 was
 * told to keep groups cannot be seen.
 */
export function suggestKind(userAgent: string): DeviceKind | undefined {
  return agents.find(([, pattern]) => pattern.test(userAgent))?.[0]
}
