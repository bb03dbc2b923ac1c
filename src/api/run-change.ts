import { Refusal, refuseStatus, unlessRefused } from '../../protocol/dav/preconditions.ts'
import { lockPlace } from '../../storage/api/places.ts'
import { NestedWriteError, readsWithin, type Store, type Writer } from '../../storage/store.ts'
import { watched } from './checks.ts'
import { etagOfAnswer, holds, refuseMatch } from './conditions.ts'
import type { FindRoute } from './find.ts'
import { InputRefusal } from './problem.ts'
import type { Answer, ChangeRoute, LookRoute, RawCall, WorkRoute } from './route.ts'

/** A change whose input has been read. */
export type RunChange = (tx: Writer) => Promise<Answer>

type Given = Omit<RawCall, 'store' | 'octets' | 'isMatchJudged'>

/**
 * Makes a change ready. Where the route does not judge an If-Match itself, it is held against what GET of the same address
 * shows; where that shows nothing, no If-Match can be honoured, and it is refused.
 * @throws refusal 422 for input that its schemas do not take
 */
export function prepareChange(
  route: ChangeRoute,
  given: Given,
  {
    find,
    path,
    onFault,
  }: {
    readonly find: FindRoute
    /** With /api. */
    readonly path: string
    readonly onFault?: ((fault: string) => void) | undefined
  },
): RunChange {
  let isJudged = false
  const call = {
    ...given,
    isMatchJudged: () => {
      isJudged = true
    },
  }
  const prepared = route.prepare(call)
  const run = onFault ? watched(route, prepared, onFault) : prepared
  const isNew = route.method === 'POST'
  return async (tx) => {
    if (!isNew) await lockPlace(tx, path)
    if (given.ifMatch === undefined) return run(tx)
    const shown = await etagShown(storeWithin(tx), given, { find, path })
    const answer = await run(tx)
    if (isJudged) return answer
    if (shown.kind === 'nothing') throw refuseStatus(400, untagged)
    if (!holds(given.ifMatch, shown.etag)) throw refuseMatch(shown.etag)
    return answer
  }
}

/**
 * Judges an If-Match before a route begins that opens its own transactions, by what GET of the same address shows. Where that
 * is octets the route judges itself.
 * @throws refusal 412, 400
 */
export async function judgeWork(
  route: WorkRoute,
  call: RawCall,
  { find, path }: { readonly find: FindRoute; readonly path: string },
): Promise<void> {
  if (call.ifMatch === undefined || route.method === 'POST' || showsOctets(find, path)) return
  const shown = await etagShown(call.store, call, { find, path })
  if (shown.kind === 'nothing') throw refuseStatus(400, untagged)
  if (!holds(call.ifMatch, shown.etag)) throw refuseMatch(shown.etag)
}

const untagged = 'What is at this address has no ETag: send the change without If-Match.'

function showsOctets(find: FindRoute, path: string): boolean {
  const found = unlessRefused(() => find('GET', path))
  return found !== undefined && found.route.gives.length > 0
}

/** The entity tag that GET of the same address has at this moment, undefined where it is refused; or that there is no GET. */
async function etagShown(
  store: Store,
  given: Given,
  { find, path }: { readonly find: FindRoute; readonly path: string },
): Promise<{ readonly kind: 'shown'; readonly etag: string | undefined } | { readonly kind: 'nothing' }> {
  const looking = lookAt(find, path)
  if (!looking) return { kind: 'nothing' }
  const without = { query: {}, body: undefined, ifMatch: undefined, ifNoneMatch: undefined }
  try {
    const call = { ...given, ...without, store, octets, isMatchJudged: () => {} }
    const answer = await looking.prepare(call)()
    return { kind: 'shown', etag: etagOfAnswer(answer) }
  } catch (error) {
    // It shows one thing or another, as it is asked.
    if (error instanceof InputRefusal) return { kind: 'nothing' }
    if (error instanceof Refusal) return { kind: 'shown', etag: undefined }
    throw error
  }
}

/** The transaction as a store that only reads. */
function storeWithin(tx: Writer): Store {
  const refused = (): Promise<never> => Promise.reject(new NestedWriteError())
  return {
    ...readsWithin(tx),
    ...{
      write: refused,
      check: refused,
      settle: refused,
      dataDirectory: '',
      signals: { listen: () => () => {} },
    },
    [Symbol.asyncDispose]: async () => {},
  }
}

async function* octets(): AsyncGenerator<Buffer> {}

/** The route that shows what is at an address, as JSON. */
function lookAt(find: FindRoute, path: string): LookRoute | undefined {
  const found = unlessRefused(() => find('GET', path))
  return found?.route.kind === 'look' && found.route.reply ? found.route : undefined
}
