import type { Filter } from '../../../features/smart-lists/schema.ts'
import { everybody, type View } from '../list/view.ts'

type Narrowed = Pick<View, 'book' | 'kind' | 'filter'>

/**
 * The view that finds whom a filter finds, as it is edited: what the sides can say they say, and the rest stands in lines. What
 * is joined within what is joined alike is one.
 */
export function viewOfFilter(given: Filter): Narrowed {
  let { book, kind }: Narrowed = everybody
  const rest: Filter[] = []
  const whole = plain(given)
  for (const part of 'all' in whole ? whole.all : [whole]) {
    if ('field' in part && part.field === 'book' && book === undefined) book = part.book
    else if ('field' in part && part.field === 'kind' && kind === undefined) kind = part.kind
    else rest.push(part)
  }
  const [first] = rest
  if (!first) return { book, kind, filter: undefined }
  return { book, kind, filter: rest.length === 1 ? first : { all: rest } }
}

function plain(filter: Filter): Filter {
  if ('all' in filter) {
    const parts = filter.all.map(plain).flatMap((part) => ('all' in part ? part.all : [part]))
    return parts.length === 1 && parts[0] ? parts[0] : { all: parts }
  }
  if ('any' in filter) {
    const parts = filter.any.map(plain).flatMap((part) => ('any' in part ? part.any : [part]))
    return parts.length === 1 && parts[0] ? parts[0] : { any: parts }
  }
  return filter
}
