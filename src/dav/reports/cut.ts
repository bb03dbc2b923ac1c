import { statusResponse } from '../../../protocol/dav/multistatus.ts'
import { errorElement, Refusal, refuse } from '../../../protocol/dav/preconditions.ts'

/** The mark of a cut answer, for the request-URI. @see RFC 6578 §3.6, RFC 6352 §8.6.2 */
export function truncated(href: string): string {
  return statusResponse(href, 507, errorElement(refuse('number-of-matches-within-limits')))
}

/** Ends an answer with the mark where one more object would be too much. @see RFC 4791 §7.8 */
export async function* cutWhereTooMuch(href: string, pieces: AsyncIterable<string>): AsyncGenerator<string> {
  try {
    yield* pieces
  } catch (error) {
    const isTooMuch = error instanceof Refusal && error.precondition === 'number-of-matches-within-limits'
    if (!isTooMuch) throw error
    yield truncated(href)
  }
}
