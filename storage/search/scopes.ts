import type { CollectionId, HomeId, PrincipalId } from '../ids.ts'

/** Who may find something is decided by where it belongs: readers name the scopes they may look into. */
export type Scope = number & { readonly __scope?: never }

/** The scope of what belongs to one of these; no two are the same. */
export const scopeOf = {
  /** Cards and events: for who reads the collection. */
  collection: (id: CollectionId): Scope => id * 4,
  /** Folders and files: for who reads the home. */
  files: (id: HomeId): Scope => id * 4 + 1,
  /** What is somebody's own. */
  own: (id: PrincipalId): Scope => id * 4 + 2,
  /** What is known beside the cards of the people in somebody's books: `partyId` says of whom, and who reads a card of his finds it. */
  parties: (id: PrincipalId): Scope => id * 4 + 3,
}
