import type { VirtualSource } from './source.ts'
import { bookSource, labelSource } from './sources/book.ts'
import { listSource } from './sources/list.ts'
import { peopleSource } from './sources/people.ts'

/** Everything that virtual books are made from. */
export const sources: readonly VirtualSource[] = [bookSource, labelSource, listSource, peopleSource]

/** Kinds of books in which somebody may come and go by nothing but time. */
export function kindsThatChangeWithTime(): readonly string[] {
  return sources.flatMap(({ kind, changesWithTime }) => (changesWithTime ? [kind] : []))
}

/** Undefined for one of which this version knows nothing: its books hold nothing. */
export function sourceOf(kind: string): VirtualSource | undefined {
  return sources.find((source) => source.kind === kind)
}
