import { queryClient } from '../client/query.ts'
import { type Card, keys } from './person.ts'

interface Answered {
  readonly etag: string
  /** When what was changed had been read. */
  readonly readAt: number | undefined
}

const answers = new Map<number, Answered>()

/**
 * Before a change of a card is sent. @returns what is told the tag of the answer: the page shows the one of before until the
 * card is read again
 */
export function awaitTag(id: number): (etag: string | undefined) => void {
  const readAt = readAtOf(id)
  return (etag) => {
    if (etag !== undefined) answers.set(id, { etag, readAt })
  }
}

/** What a change of a card names: its tag, or the one that a change from this page has given it since it was read. */
export function tagOf({ id, etag }: Pick<Card, 'id' | 'etag'>): string {
  const answered = answers.get(id)
  return answered && answered.readAt === readAtOf(id) ? answered.etag : etag
}

function readAtOf(id: number): number | undefined {
  return queryClient.getQueryState(keys.card(id))?.dataUpdatedAt
}
