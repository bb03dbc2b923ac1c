import type { Settings } from '../../config/defaults.ts'
import type { PrincipalId } from '../../storage/ids.ts'
import { findQuotas } from '../../storage/quotas.ts'
import type { Reader } from '../../storage/store.ts'
import { type Quota, quotaOf } from '../features/quota.ts'
import { isCollection, isFolderLike, isHome, isMember, type Resource } from './resource.ts'

/** The quotas that the resources being rendered count for. */
export interface PageQuotas {
  /** Looks up the accounts of these resources, in one query. */
  load(reader: Reader, resources: readonly Resource[]): Promise<void>
  /** Undefined for what counts for nobody, and for what was not looked up. */
  of(resource: Resource): Quota | undefined
}

export function createPageQuotas(settings: Settings): PageQuotas {
  const quotas = new Map<PrincipalId, Quota>()
  return {
    load: async (reader, resources) => {
      const ids = new Set(resources.flatMap((resource) => chargedTo(resource) ?? []))
      const rows = await findQuotas(reader, [...ids])
      for (const id of ids) quotas.set(id, quotaOf(rows.get(id), settings))
    },
    of: (resource) => {
      const id = chargedTo(resource)
      return id === undefined ? undefined : quotas.get(id)
    },
  }
}

/** The account whose quota a resource counts for; undefined where none does. */
export function chargedTo(resource: Resource): PrincipalId | undefined {
  if (isMember(resource)) return resource.collection.row.principalId
  const isCharged =
    isHome(resource) || isCollection(resource) || isFolderLike(resource) || resource.kind === 'file'
  return isCharged ? resource.row.principalId : undefined
}
