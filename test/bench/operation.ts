import type { Answer } from './http-client.ts'
import { WrongAnswerError } from './item.ts'

/** One row of the table: something a client does, again and again. */
export interface Operation {
  readonly name: string
  readonly title: string
  /** How many run at once, each on its own connection. */
  readonly width: number
  /** Repetitions at most, for operations that use something up. */
  readonly most?: number
  readonly before?: () => Promise<void>
  /** Does it once, checks the answer, returns the latency in ms. */
  readonly once: (index: number) => Promise<number>
  /** Checks what could not be checked meanwhile, and puts everything back. */
  readonly after?: () => Promise<void>
}

/**
 * A check that is skipped for an answer that is, octet for octet, one already found right.
 * @param check  throws WrongAnswerError; what it may depend on besides the answer is in the key
 */
export function checkedOnce(
  check: (answer: Answer, key: number) => void,
): (answer: Answer, key: number) => void {
  const right = new Map<number, Buffer>()
  return (answer, key) => {
    if (answer.status === 207 && right.get(key)?.equals(answer.body)) return
    check(answer, key)
    right.set(key, answer.body)
  }
}

/** @throws WrongAnswerError when the status is another one */
export function expectStatus(answer: Answer, status: number): void {
  if (answer.status === status) return
  throw new WrongAnswerError(`status ${answer.status}, not ${status}: ${answer.body.subarray(0, 200)}`)
}

/** @throws WrongAnswerError naming the first entries by which the two sets differ */
export function expectSameNames(got: ReadonlySet<string>, sure: ReadonlySet<string>, possible = sure): void {
  const missing = [...sure].filter((name) => !got.has(name))
  const extra = [...got].filter((name) => !possible.has(name))
  if (missing.length === 0 && extra.length === 0) return
  const some = (names: readonly string[]): string => `${names.length} (${names.slice(0, 3).join(', ')})`
  throw new WrongAnswerError(`missing ${some(missing)}, not asked for ${some(extra)}`)
}
