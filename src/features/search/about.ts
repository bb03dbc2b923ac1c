import type { SearchRow } from '../../../storage/search/candidates.ts'
import type { SearchField, StoredField } from './fields.ts'

/**
 * What tells somebody from others of the same name: job and company, else an address or a number, of what is seen of the
 * card. Null of anything but people and companies, and where there is nothing.
 */
export function aboutOf({ kind, texts }: Pick<SearchRow, 'kind' | 'texts'>): string | null {
  if (kind !== 'person' && kind !== 'org') return null
  const fields = JSON.parse(texts) as readonly StoredField[]
  const first = (...sought: readonly SearchField[]): string[] =>
    sought.flatMap((name) => fields.find(([field]) => field === name)?.[1] ?? [])
  const work = kind === 'person' ? first('title', 'company') : []
  const [said = null] = work.length > 0 ? [work.join(' · ')] : first('email', 'phone', 'address')
  return said
}
