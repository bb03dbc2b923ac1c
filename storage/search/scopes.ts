import type { CollectionId, HomeId, NodeId, PrincipalId } from '../ids.ts'

/** Who may find something is decided by where it belongs: readers name the scopes they may look into. */
export type Scope = number & { readonly __scope?: never }

/** The scope of what belongs to one of these; no two are the same. */
export const scopeOf = {
  /** Cards and events: for who reads the collection. */
  collection: (id: CollectionId): Scope => id * 4,
  /** Files that lie in no folder with a list of its own that says who may do what: for who reads the home. */
  files: (id: HomeId): Scope => id * 8 + 1,
  /** Files that lie in this folder, which has such a list, or in others of it: for who reads the folder. */
  folder: (id: NodeId): Scope => id * 8 + 5,
  /** What is somebody's own. */
  own: (id: PrincipalId): Scope => id * 4 + 2,
  /** What is known beside the cards of the people in somebody's books: `partyId` says of whom, and who reads a card of his finds it. */
  parties: (id: PrincipalId): Scope => id * 4 + 3,
}
