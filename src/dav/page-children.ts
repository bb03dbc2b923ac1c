import type { Reader } from '../../storage/store.ts'
import type { Session } from '../auth/session.ts'
import { type CollectionResource, type HomeResource, isHome, type Resource } from './resource.ts'
import { childrenOf } from './tree.ts'

/** The collections of the homes that are being rendered, as far as the caller may see them. */
export interface PageChildren {
  /** Looks up what is in those of the resources that are homes, each home once. */
  load(reader: Reader, resources: readonly Resource[]): Promise<void>
  /** Nothing for a home that was not looked up. */
  of(home: HomeResource): readonly CollectionResource[]
}

export function createPageChildren(session: Session): PageChildren {
  const known = new Map<HomeResource, readonly CollectionResource[]>()
  return {
    load: async (reader, resources) => {
      for (const home of resources.filter(isHome))
        if (!known.has(home)) known.set(home, await childrenOf(reader, session, home))
    },
    of: (home) => known.get(home) ?? [],
  }
}
