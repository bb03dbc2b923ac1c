import type { z } from 'zod'
import type { bulkResults } from '../../../api/bulk/schema.ts'
import type { labelResults } from '../../../features/labels/schema.ts'
import { send, type Tagged } from '../../client/api.ts'
import type { PartyItem } from '../contacts.ts'

/** So many changes one request may make. */
const slice = 200

/** What came of a change of several people. */
export interface Outcome {
  readonly done: number
  readonly refused: number
  /** By which it is taken back, the latest first. */
  readonly requests: readonly string[]
}

/** What is done to each. */
export type Operation =
  | { readonly kind: 'label' | 'unlabel'; readonly label: string }
  | { readonly kind: 'role'; readonly role: string }
  | { readonly kind: 'owner'; readonly owner: string | null }
  | { readonly kind: 'move'; readonly book: number }
  | { readonly kind: 'delete' }

/** Does something to several people, each by itself: who is refused does not keep the others from it. */
export async function doToAll(people: readonly PartyItem[], operation: Operation): Promise<Outcome> {
  let outcome: Outcome = { done: 0, refused: 0, requests: [] }
  for (let at = 0; at < people.length; at += slice)
    outcome = both(outcome, await doToSome(people.slice(at, at + slice), operation))
  return outcome
}

async function doToSome(people: readonly PartyItem[], operation: Operation): Promise<Outcome> {
  if ('label' in operation) {
    const ids = people.map(({ id }) => id)
    const body = operation.kind === 'label' ? { add: ids } : { remove: ids }
    const path = `/labels/${encodeURIComponent(operation.label)}/people`
    return outcomeOf(await send<z.infer<typeof labelResults>>('POST', path, { body }))
  }
  const operations = operationsOf(people, operation)
  let outcome: Outcome = { done: 0, refused: 0, requests: [] }
  for (let at = 0; at < operations.length; at += slice) {
    const body = { mode: 'each', operations: operations.slice(at, at + slice) }
    outcome = both(outcome, outcomeOf(await send<z.infer<typeof bulkResults>>('POST', '/bulk', { body })))
  }
  return outcome
}

function both(one: Outcome, next: Outcome): Outcome {
  const { done, refused } = next
  const requests = [...next.requests, ...one.requests]
  return { done: one.done + done, refused: one.refused + refused, requests }
}

function operationsOf(
  people: readonly PartyItem[],
  operation: Exclude<Operation, { kind: 'label' | 'unlabel' }>,
) {
  const cards = people.flatMap((row) => row.cards.filter(({ mayWrite }) => mayWrite))
  if (operation.kind === 'delete') return cards.map(({ id }) => ({ method: 'DELETE', path: `/cards/${id}` }))
  if (operation.kind === 'move')
    return cards
      .filter(({ book }) => book !== operation.book)
      .map(({ id }) => ({ method: 'POST', path: `/cards/${id}/move`, body: { book: operation.book } }))
  return people.map(({ id, roles }) => ({
    method: 'PATCH',
    path: `/parties/${id}`,
    body:
      operation.kind === 'owner'
        ? { owner: operation.owner }
        : { roles: [...new Set([...roles, operation.role])] },
  }))
}

function outcomeOf({
  data,
  request,
}: Tagged<{ readonly results: readonly { readonly status: number }[] }>): Outcome {
  const refused = data.results.filter(({ status }) => status >= 400).length
  return {
    done: data.results.length - refused,
    refused,
    requests: request === undefined ? [] : [request],
  }
}
