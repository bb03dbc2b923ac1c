import { expect } from 'vitest'
import type { JsonAnswer } from '../json.ts'
import { call } from '../json.ts'
import type { World } from './world.ts'

/** One request of a route, and where its effect is seen. */
export interface Asked {
  readonly path: string
  readonly body?: unknown
  /** What is otherwise afterwards: what GET of this path of the API says, or whatever this tells. */
  readonly shows: string | (() => Promise<unknown>)
}

/** Prepares what a route needs, and says what to send: nothing that it does itself is looked at. */
export type Example = (world: World) => Promise<Asked>

/** Examples of routes, by `POST /things/:id`. */
export type Examples = Readonly<Record<string, Example>>

/** A request that has to go well, in what is prepared. */
export async function made(
  { alice }: World,
  method: string,
  path: string,
  body?: unknown,
): Promise<JsonAnswer['json']> {
  const answer = await call(alice, method, path, body)
  expect([method, path, answer.status < 300, answer.text]).toEqual([method, path, true, answer.text])
  return answer.json
}
