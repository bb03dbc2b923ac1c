import { encodeSegment } from '../../protocol/dav/href.ts'

/** Where things live. Clients keep these URLs for years: they never change. */
export const davRoot = '/dav/'
export const principalsPath = '/dav/principals/'

/** The homes' folders, by the kind of home. */
export const homesPath = {
  calendars: '/dav/calendars/',
  addressbooks: '/dav/addressbooks/',
  files: '/dav/files/',
} as const

/** Homes whose members are in collections; in those of files folders lie in each other. */
export type HomeKind = Exclude<keyof typeof homesPath, 'files'>

export const principalPath = (segment: string): string => `${principalsPath}${encodeSegment(segment)}/`

/** The delegates of an account, who may read or write in its place. */
export const proxyPath = (segment: string, mode: ProxyMode): string =>
  `${principalPath(segment)}calendar-proxy-${mode}/`

export type ProxyMode = 'read' | 'write'

export const homePath = (kind: keyof typeof homesPath, segment: string): string =>
  `${homesPath[kind]}${encodeSegment(segment)}/`

export const collectionPath = (kind: HomeKind, segment: string, name: string): string =>
  `${homePath(kind, segment)}${encodeSegment(name)}/`

/** The folder of what an account is told. */
export const notificationsPath = (segment: string): string => `/dav/notifications/${encodeSegment(segment)}/`

export const notificationPath = (segment: string, name: string): string =>
  notificationsPath(segment) + encodeSegment(name)

/** What a path says it names; nothing is looked up. */
export type Location =
  /** These two answer at two paths each; `href` is the one that was asked. */
  | { readonly kind: 'root' | 'principals'; readonly href: string }
  | { readonly kind: 'homes'; readonly home: keyof typeof homesPath }
  | { readonly kind: 'principal'; readonly segment: string }
  | { readonly kind: 'proxy'; readonly segment: string; readonly mode: ProxyMode }
  | { readonly kind: 'home'; readonly home: HomeKind; readonly segment: string }
  | {
      readonly kind: 'collection'
      readonly home: HomeKind
      readonly segment: string
      readonly collection: string
    }
  | {
      readonly kind: 'member'
      readonly home: HomeKind
      readonly segment: string
      readonly collection: string
      readonly name: string
    }
  | { readonly kind: 'notifications'; readonly segment: string }
  | { readonly kind: 'notification'; readonly segment: string; readonly name: string }
  /** In the home of an account's files; without names that home itself. */
  | { readonly kind: 'node'; readonly segment: string; readonly names: readonly string[] }
  | { readonly kind: 'nowhere' }

/** Reads decoded path segments. `/` and `/principals/` answer as `/dav/` and its principals do (IOS-01). */
export function locate(segments: readonly string[]): Location {
  const [first, ...rest] = segments
  if (first === undefined) return { kind: 'root', href: '/' }
  if (first === 'principals') return locatePrincipal(rest, '/principals/')
  if (first !== 'dav') return { kind: 'nowhere' }
  const [tree, ...below] = rest
  if (tree === undefined) return { kind: 'root', href: davRoot }
  if (tree === 'principals') return locatePrincipal(below, principalsPath)
  if (tree === 'notifications') return locateNotification(below)
  if (tree === 'calendars' || tree === 'addressbooks') return locateInHome(tree, below)
  if (tree === 'files') return locateFile(below)
  return { kind: 'nowhere' }
}

/** The canonical path of a folder, with its slash; undefined for members, files, and where there is nothing. */
export function folderPath(location: Location): string | undefined {
  switch (location.kind) {
    case 'root':
    case 'principals':
      return location.href
    case 'homes':
      return homesPath[location.home]
    case 'principal':
      return principalPath(location.segment)
    case 'proxy':
      return proxyPath(location.segment, location.mode)
    case 'home':
      return homePath(location.home, location.segment)
    case 'collection':
      return collectionPath(location.home, location.segment, location.collection)
    case 'notifications':
      return notificationsPath(location.segment)
    case 'node':
      // Only the tree knows whether it is a folder, and how its name was written.
      return location.names.length === 0 ? homePath('files', location.segment) : undefined
    case 'member':
    case 'notification':
    case 'nowhere':
      return undefined
  }
}

function locatePrincipal(segments: readonly string[], href: string): Location {
  const [segment, inner, ...rest] = segments
  if (segment === undefined) return { kind: 'principals', href }
  if (inner === undefined) return { kind: 'principal', segment }
  const mode = rest.length === 0 ? /^calendar-proxy-(read|write)$/.exec(inner)?.[1] : undefined
  return mode === 'read' || mode === 'write' ? { kind: 'proxy', segment, mode } : { kind: 'nowhere' }
}

function locateNotification(segments: readonly string[]): Location {
  const [segment, name, ...rest] = segments
  if (segment === undefined || rest.length > 0) return { kind: 'nowhere' }
  return name === undefined ? { kind: 'notifications', segment } : { kind: 'notification', segment, name }
}

function locateInHome(home: HomeKind, segments: readonly string[]): Location {
  const [segment, collection, name, ...rest] = segments
  if (segment === undefined) return { kind: 'homes', home }
  if (collection === undefined) return { kind: 'home', home, segment }
  if (name === undefined) return { kind: 'collection', home, segment, collection }
  return rest.length === 0 ? { kind: 'member', home, segment, collection, name } : { kind: 'nowhere' }
}

function locateFile([segment, ...names]: readonly string[]): Location {
  return segment === undefined ? { kind: 'homes', home: 'files' } : { kind: 'node', segment, names }
}
