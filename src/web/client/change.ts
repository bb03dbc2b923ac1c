import { type QueryKey, useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { hideTold, offerAgain, tellDone, tellFailed } from '../ui/toast.tsx'
import { ApiError, isPassing, type Tagged } from './api.ts'
import type { Patch } from './items.ts'
import { queryClient } from './query.ts'
import { undoRequest } from './undo.ts'

/** A patch of queries that read a `Seen`. */
export function patch<Seen>(key: QueryKey, update: (seen: Seen) => Seen): Patch {
  return { key, update: (seen) => update(seen as Seen) }
}

/** What somebody wanted, and what is there instead of what he saw. */
export interface Conflict<Input, Seen> {
  readonly mine: Input
  readonly theirs: Tagged<Seen>
  /** Sends what he wanted once more, over what is there now. */
  readonly keepMine: () => void
  /** Lets go of it. */
  readonly keepTheirs: () => void
}

export interface Changing<Input, Seen, Result> {
  /** Sends it, with the tag of what was seen. */
  readonly send: (input: Input, etag: string | undefined) => Promise<Tagged<Result>>
  /** That of what is on the screen; without it what is there is overwritten. */
  readonly etag?: string | undefined
  /** What is there by now, asked for where somebody else changed it. */
  readonly theirs?: (input: Input) => Promise<Tagged<Seen>>
  /** What shows at once how it will be, and is put back where it is refused. */
  readonly patches?: (input: Input) => readonly Patch[]
  /** Begins of the keys of what is read again afterwards. */
  readonly keys?: readonly QueryKey[]
  /** What is said when it is done, with a way back where the server knows one; nothing is said without it. */
  readonly said?: (input: Input, result: Result) => string
  /** False for what the history does not take back, though it is a change. */
  readonly isUndoable?: boolean
  /** What takes it back instead of the history; what shows it is read again afterwards. Undefined for what has no way back. */
  readonly back?: (input: Input, result: Tagged<Result>) => (() => Promise<unknown>) | undefined
  /** Shows what was refused where it belongs, and says whether it has; otherwise a message says it. */
  readonly refused?: (error: ApiError) => boolean
  readonly onDone?: (result: Tagged<Result>, input: Input) => void
}

/** A change in hand: see {@link useChange}. */
export interface ChangeHandle<Input, Seen, Result> {
  readonly make: (input: Input) => void
  /** @throws ApiError, TypeError */
  readonly makeNow: (input: Input) => Promise<Tagged<Result>>
  readonly isBusy: boolean
  /** What is on its way. */
  readonly sent: Input | undefined
  readonly conflict: Conflict<Input, Seen> | undefined
}

/**
 * A change that shows before the server has answered. What it refuses is put back, and said; what somebody else changed
 * meanwhile is never overwritten: `conflict` has both, for {@link ConflictDialog}.
 */
export function useChange<Input, Seen = unknown, Result = unknown>(
  changing: Changing<Input, Seen, Result>,
): ChangeHandle<Input, Seen, Result> {
  const [conflict, setConflict] = useState<Conflict<Input, Seen>>()
  const offered = useRef<string>(undefined)
  const readAgain = (): Promise<unknown> =>
    Promise.all((changing.keys ?? []).map((queryKey) => queryClient.invalidateQueries({ queryKey })))
  const { mutate, mutateAsync, isPending, variables } = useMutation({
    mutationFn: ({ input, etag }: Sent<Input, Result>) => changing.send(input, etag),
    onMutate: ({ input }) => {
      // What is sent now is sent instead of what failed before.
      if (offered.current !== undefined) hideTold(offered.current)
      return show(changing.patches?.(input) ?? [])
    },
    onError: async (error, { input, etag, back }, before) => {
      // What is no longer there, as once somebody was signed out, does not come back.
      for (const [key, seen] of before ?? [])
        if (queryClient.getQueryState(key)) queryClient.setQueryData(key, seen)
      // What is wrong in itself is no better a second time; a line or a server that broke is.
      if (isPassing(error)) {
        offered.current = offerAgain(error, () => mutate({ input, etag, back }))
        return
      }
      if (!isOvertaken(error) || !changing.theirs) return tellRefused(error, changing.refused)
      const theirs = await changing.theirs(input).catch(() => undefined)
      if (!theirs) {
        void readAgain()
        return tellFailed(error)
      }
      const end = (next: () => void) => (): void => {
        setConflict(undefined)
        next()
      }
      const keepMine = end(() => mutate({ input, etag: theirs.etag, back }))
      setConflict({ mine: input, theirs, keepMine, keepTheirs: end(() => void readAgain()) })
    },
    onSuccess: (result, sent) => {
      const { input } = sent
      const text = changing.said?.(input, result.data)
      if (text !== undefined) tellDone(text, wayBackOf(changing, result, sent, readAgain))
      changing.onDone?.(result, input)
    },
    // What is read again would take the form away in which both are compared: that waits until one is chosen.
    // What was refused is back in its form at once, whatever is read again.
    onSettled: async (_result, error) => {
      if (!error) await readAgain()
      else if (!(isOvertaken(error) && changing.theirs)) void readAgain()
    },
  })
  return {
    make: (input) => mutate({ input, etag: changing.etag, back: changing.back }),
    makeNow: (input) => mutateAsync({ input, etag: changing.etag, back: changing.back }),
    isBusy: isPending,
    sent: isPending ? variables?.input : undefined,
    conflict,
  }
}

function wayBackOf<Input, Seen, Result>(
  { isUndoable }: Changing<Input, Seen, Result>,
  result: Tagged<Result>,
  { input, back: backOf }: Sent<Input, Result>,
  readAgain: () => Promise<unknown>,
): (() => Promise<unknown>) | undefined {
  const { request } = result
  if (isUndoable === false) return undefined
  if (!backOf) return request === undefined ? undefined : () => undoRequest(request)
  const back = backOf(input, result)
  return back && (() => back().finally(readAgain))
}

interface Sent<Input, Result> {
  readonly input: Input
  readonly etag: string | undefined
  /** As it was when it was sent: what is seen is by now as it will be. */
  readonly back: Changing<Input, never, Result>['back']
}

function tellRefused(error: unknown, refused?: (error: ApiError) => boolean): void {
  if (!(error instanceof ApiError && refused?.(error))) tellFailed(error)
}

function isOvertaken(error: unknown): boolean {
  return error instanceof ApiError && error.status === 412
}

/** @returns what was read before */
async function show(patches: readonly Patch[]): Promise<[QueryKey, unknown][]> {
  const before: [QueryKey, unknown][] = []
  for (const { key, update } of patches) {
    await queryClient.cancelQueries({ queryKey: key })
    before.push(...queryClient.getQueriesData({ queryKey: key }))
    queryClient.setQueriesData({ queryKey: key }, (seen: unknown) =>
      seen === undefined ? undefined : shownAs(seen, update),
    )
  }
  return before.toReversed()
}

/** A fault of what only shows it sooner does not keep it from being sent. */
function shownAs(seen: unknown, update: Patch['update']): unknown {
  try {
    return update(seen)
  } catch (error) {
    reportError(error)
    return seen
  }
}
