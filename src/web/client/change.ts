import { type QueryKey, useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useFormPlace } from '../ui/dialog/form-place.ts'
import { hideTold, offerAgain, offerShown, tellDone, tellFailed } from '../ui/toast.tsx'
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
  /**
   * That it is written in a form, from which it is sent again with what stands in it by then: one that stays, or one that is
   * out of sight while it is on its way: it comes back where it is refused, and `onDone` closes it.
   */
  readonly written?: 'staying' | 'leaving'
  /** Opens anew what was written, where its form has gone since. */
  readonly reopen?: (input: Input) => (() => void) | undefined
  /** That each is of something else: what failed before is offered still when the next one is sent. */
  readonly isEach?: boolean
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
  const place = useFormPlace()
  const { written, isEach = false } = changing
  const isHere = useIsHere()
  const readAgain = (): Promise<unknown> =>
    Promise.all((changing.keys ?? []).map((queryKey) => queryClient.invalidateQueries({ queryKey })))
  const { mutate, mutateAsync, isPending, variables } = useMutation({
    mutationFn: ({ input, etag }: Sent<Input, Result>) => changing.send(input, etag),
    onMutate: ({ input }) => {
      // What is sent now is sent instead of what failed before.
      if (offered.current !== undefined && !isEach) hideTold(offered.current)
      if (written === 'leaving') place?.leave()
      return show(changing.patches?.(input) ?? [])
    },
    onError: async (error, sent, before) => {
      putBack(before ?? [])
      const isMet = isOvertaken(error) && changing.theirs !== undefined
      const theirs = isMet ? await changing.theirs?.(sent.input).catch(() => undefined) : undefined
      const shows = written === 'leaving' && place ? place.comeBack() : changing.reopen?.(sent.input)
      if (theirs) {
        const resend = (etag: string | undefined): void => mutate({ ...sent, etag })
        setConflict(conflictOf(sent.input, theirs, { setConflict, resend, readAgain }))
        // Whoever sees both has what he typed before him.
        if (shows && (written || !isHere())) offered.current = offerShown(error, shows)
        else if (!isHere()) tellFailed(error)
        return
      }
      if (isMet) void readAgain()
      // What is wrong in itself is no better a second time; a line or a server that broke is.
      if (isPassing(error) && !written) offered.current = offerAgain(error, () => mutate(sent))
      else offered.current = tellRefused(error, changing.refused, shows)
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

/** Whether what makes the change is on the page still: where it is not, nobody sees a conflict there. */
function useIsHere(): () => boolean {
  const isHere = useRef(false)
  useEffect(() => {
    isHere.current = true
    return () => {
      isHere.current = false
    }
  }, [])
  return () => isHere.current
}

/** What is no longer there, as once somebody was signed out, does not come back. */
function putBack(before: readonly [QueryKey, unknown][]): void {
  for (const [key, seen] of before) if (queryClient.getQueryState(key)) queryClient.setQueryData(key, seen)
}

interface Ends {
  readonly setConflict: (conflict: undefined) => void
  readonly resend: (etag: string | undefined) => void
  readonly readAgain: () => Promise<unknown>
}

function conflictOf<Input, Seen>(
  mine: Input,
  theirs: Tagged<Seen>,
  { setConflict, resend, readAgain }: Ends,
): Conflict<Input, Seen> {
  const end = (next: () => void) => (): void => {
    setConflict(undefined)
    next()
  }
  return { mine, theirs, keepMine: end(() => resend(theirs.etag)), keepTheirs: end(() => void readAgain()) }
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

function tellRefused(
  error: unknown,
  refused: ((error: ApiError) => boolean) | undefined,
  shows: (() => void) | undefined,
): string | undefined {
  const isSaid = error instanceof ApiError && refused?.(error) === true
  if (shows) return offerShown(error, shows)
  if (!isSaid) tellFailed(error)
  return undefined
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
