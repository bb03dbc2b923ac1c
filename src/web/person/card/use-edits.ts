import { createContext, useContext, useRef } from 'react'
import { ApiError, read, send, type Tagged } from '../../client/api.ts'
import { type ChangeHandle, patch, useChange } from '../../client/change.ts'
import { undoRequests } from '../../client/undo.ts'
import { tellDone } from '../../ui/toast.tsx'
import { type Card, keys } from '../person.ts'
import { awaitTag } from '../tags.ts'
import { isUntouched, over, type Step, withEdits } from './edits.ts'

/** Edits of one card of somebody or of several, as one. */
export interface Edits {
  readonly steps: readonly Step[]
  /** What is said when it is done. */
  readonly said: string
  /** Opens what was written where it stands, once it was refused. */
  readonly reopen?: () => void
}

/** So often what somebody else changed meanwhile is read again, where it is not what is edited. */
const mostAttempts = 3

/** What was taken of a form that came back, since another card was refused. */
interface Taken {
  readonly edits: string
  readonly answer: Tagged<Card>
}

export interface EditsHandle extends ChangeHandle<Edits, Card, Card> {
  /** A card as it is by what was taken of the form already. */
  readonly nowOf: (card: Card) => Card
}

/**
 * Edits of cards that show at once. Where a phone has changed another line meanwhile both hold; where it changed the same one
 * nothing is written, and `conflict` has both.
 * @param done  of the form in which they are written; without it, they are written where the value stands
 */
export function useEdits(partyId: number, done?: () => void): EditsHandle {
  const failed = useRef<Step>(undefined)
  const sent = useRef(new WeakMap<Step, string>())
  const taken = useRef(new Map<number, Taken>())
  const requests = useRef<string[]>([])
  const handle = useChange<Edits, Card, Card>({
    ...(done ? { written: 'leaving' } : { isEach: true }),
    reopen: ({ reopen }) => reopen,
    send: async ({ steps }, overruled) => {
      let last: Tagged<Card> | undefined
      for (const step of steps) {
        const { card, edits } = step
        const before = taken.current.get(card.id)
        const now = JSON.stringify(edits)
        if (before?.edits === now) last = before.answer
        if (sent.current.has(step) || before?.edits === now) continue
        failed.current = step
        last = await patchCard({ card: before?.answer.data ?? card, edits }, overruled !== undefined)
        sent.current.set(step, last.request ?? '')
        if (!done) continue
        taken.current.set(card.id, { edits: now, answer: last })
        requests.current.push(last.request ?? '')
      }
      if (!last) throw new Error('There is nothing to edit.')
      return last
    },
    theirs: () => read<Card>(`/cards/${failed.current?.card.id}`),
    patches: ({ steps }) =>
      steps.map(({ card, edits }) => patch<Card>(keys.card(card.id), (seen) => withEdits(seen, edits))),
    keys: [['card'], ['party', partyId], ['parties']],
    onDone: (_, { steps, said }) => {
      done?.()
      const all = done ? requests.current.splice(0) : steps.map((step) => sent.current.get(step) ?? '')
      const made = all.filter((request) => request !== '').toReversed()
      tellDone(said, made.length === 0 ? undefined : () => undoRequests(made))
    },
  })
  return { ...handle, nowOf: (card) => taken.current.get(card.id)?.answer.data ?? card }
}

/** @throws ApiError 412 where somebody else changed the same */
async function patchCard({ card, edits }: Step, isOverruling: boolean): Promise<Tagged<Card>> {
  const path = `/cards/${card.id}`
  let { etag } = card
  let wanted = edits
  for (let attempt = 1; ; attempt += 1) {
    try {
      const note = awaitTag(card.id)
      const answer = await send<Card>('PATCH', path, { body: { edits: wanted }, etag })
      // What somebody else has written meanwhile has not been seen yet.
      if (attempt === 1) note(answer.etag)
      return answer
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 412 || attempt >= mostAttempts) throw error
      const { data: now } = await read<Card>(path)
      if (!isOverruling && !edits.every((edit) => isUntouched(edit, card, now))) throw error
      etag = now.etag
      wanted = over(edits, card, now)
    }
  }
}

const Editing = createContext<ChangeHandle<Edits, Card, Card> | undefined>(undefined)
export const EditingProvider = Editing.Provider

/** How the cards of the person that is shown are edited. */
export function useEditing(): ChangeHandle<Edits, Card, Card> {
  const editing = useContext(Editing)
  if (!editing) throw new Error('Cards are edited on the page of a person.')
  return editing
}
