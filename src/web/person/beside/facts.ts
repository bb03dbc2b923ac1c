import { ApiError, read, send, type Tagged } from '../../client/api.ts'
import { type ChangeHandle, patch, useChange } from '../../client/change.ts'
import { keys, type Party } from '../person.ts'

/** A change of one thing that is known beside the cards. */
export interface FactChange {
  readonly method: 'POST' | 'PATCH' | 'DELETE'
  /** Below /parties. */
  readonly path: string
  readonly body?: object
  /** How it will be. */
  readonly update: (party: Party) => Party
  /** What it is about, as words say it: where that is the same as it was, other changes are no matter. */
  readonly tell: (party: Party) => string
  readonly said: string
  /** Opens what was written, once it was refused. */
  readonly reopen?: () => void
}

/** So often what somebody else changed meanwhile is read again, where it is not what is changed. */
const mostAttempts = 3

/** Changes of what is known of somebody, which show at once; `conflict` has both where somebody else changed the same. */
export function useFacts(party: Party): ChangeHandle<FactChange, Party, unknown> {
  const own = `/${party.id}/`
  return useChange<FactChange, Party>({
    send: async (change, overruled) => {
      const isOwn = change.path.startsWith(own)
      if (!isOwn) return sent(change, undefined)
      let etag = overruled ?? `"${party.version}"`
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await sent(change, etag)
        } catch (error) {
          if (!(error instanceof ApiError) || error.status !== 412 || attempt >= mostAttempts) throw error
          const now = await read<Party>(`/parties/${party.id}`)
          if (overruled === undefined && change.tell(now.data) !== change.tell(party)) throw error
          etag = now.etag ?? etag
        }
      }
    },
    theirs: () => read<Party>(`/parties/${party.id}`),
    patches: (change) => [
      patch<Tagged<Party>>(keys.party(party.id), (seen) => ({ ...seen, data: change.update(seen.data) })),
    ],
    keys: [['party'], ['parties'], ['card'], ['suggestions']],
    said: ({ said }) => said,
    isEach: true,
    reopen: ({ reopen }) => reopen,
  })
}

function sent({ method, path, body }: FactChange, etag: string | undefined): Promise<Tagged<unknown>> {
  return send(method, `/parties${path}`, { ...(body && { body }), etag })
}

/** A list with one item changed; taken out where it is to be undefined, added where it was not there. */
export function withItem<T extends { readonly id: number }>(
  items: readonly T[],
  id: number,
  item: T | undefined,
): T[] {
  if (!items.some((one) => one.id === id)) return item ? [...items, item] : [...items]
  return items.flatMap((one) => (one.id === id ? (item ?? []) : one))
}

/** Of what is not there yet. */
export const newId = -1

/** Whether a text is a year, a month or a day. @see ISO 8601-1 §5.2.2 */
export function isDay(text: string): boolean {
  return /^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$/.test(text)
}

/** The day that it is here. */
export function todayHere(now = new Date()): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}
