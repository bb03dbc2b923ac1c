import { expect } from 'vitest'
import { basic } from '../dav/listen.ts'

/** One message of a stream, as a browser would give it. */
export interface Message {
  readonly event: string
  readonly id: string
  // biome-ignore lint/suspicious/noExplicitAny: it is what a client reads
  readonly data: Record<string, any>
}

/** A client of server-sent events that does not come back by itself. */
export interface Listener {
  readonly status: number
  readonly messages: readonly Message[]
  /** What it would send as Last-Event-ID. */
  readonly lastId: string
  /** What came, with blocks that carry only an id. */
  readonly text: string
  /** Whether the server has ended it. */
  readonly isOver: boolean
  close(): void
}

/** Opens a stream, and waits until it has begun. */
export async function listenTo(
  url: string,
  who: { readonly name: string; readonly password: string } | { readonly token: string },
  { query = '', lastId }: { readonly query?: string; readonly lastId?: string | undefined } = {},
): Promise<Listener> {
  const leaving = new AbortController()
  const answer = await fetch(`${url}/api/events${query}`, {
    headers: {
      Authorization: 'token' in who ? `Bearer ${who.token}` : basic(who.name, who.password),
      ...(lastId === undefined ? {} : { 'Last-Event-ID': lastId }),
    },
    signal: leaving.signal,
  })
  const state = {
    status: answer.status,
    messages: [] as Message[],
    lastId: lastId ?? '',
    text: '',
    isOver: false,
  }
  const listener: Listener = Object.assign(state, { close: () => leaving.abort() })
  void follow(answer, state)
  if (answer.status === 200) await expect.poll(() => state.text).not.toBe('')
  return listener
}

async function follow(
  answer: Response,
  state: { messages: Message[]; lastId: string; text: string; isOver: boolean },
): Promise<void> {
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for await (const chunk of answer.body ?? []) {
      const text = decoder.decode(chunk as Uint8Array, { stream: true })
      state.text += text
      const blocks = (rest + text).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) dispatch(block, state)
    }
  } catch {
    // It was left, or broke off.
  }
  state.isOver = true
}

/** @see HTML Standard §9.2.6 */
function dispatch(block: string, state: { messages: Message[]; lastId: string }): void {
  const fields = new Map(
    block.split('\n').map((line) => [/^[^:]*/.exec(line)?.[0] ?? '', line.replace(/^[^:]*: ?/, '')]),
  )
  state.lastId = fields.get('id') ?? state.lastId
  const data = fields.get('data')
  if (data === undefined) return
  state.messages.push({ event: fields.get('event') ?? 'message', id: state.lastId, data: JSON.parse(data) })
}
