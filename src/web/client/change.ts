import { type QueryKey, useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { beginInSitting } from '../session/sitting.ts'
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
  /** Lets go of it, and of the form in which it was written. */
  readonly keepTheirs: () => void
  /** Goes back to that form; undefined where there is none. */
  readonly goBack?: () => void
}

export interface Changing<Input, Seen, Result> {
  /** Sends it, with the tag of what was seen. */
  readonly send: (input: Input, etag: string | undefined) => Promise<Tagged<Result>>
  /** That of what is on the screen; without it what is there is overwritten. */
  readonly etag?: string | undefined
  /** What is there by now, asked for where somebody else changed it. */
  readonly theirs?: (input: Input) => Promise<Tagged<Seen>>
  /** Reads it anew where somebody else changed it, and both are not compared: the tag is sent the next time from its form. */
  readonly anew?: (input: Input) => Promise<Tagged<unknown>>
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
  /** That something is taken away: where that is refused nothing that was typed is to be shown. */
  readonly isRemoval?: boolean
  /** What ends the form where what somebody else made of it is kept; without it one that leaves is closed. */
  readonly onTheirs?: () => void
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
  /** What is on its way: it is pressed twice, and meant once. */
  const onItsWay = useRef<string>(undefined)
  const { written } = changing
  const form = useWritten(changing)
  const readAgain = (): Promise<unknown> =>
    Promise.all((changing.keys ?? []).map((queryKey) => queryClient.invalidateQueries({ queryKey })))
  const { conflict, tag, refuse } = useRefusing(changing, form, readAgain)
  const { mutate, mutateAsync, isPending, variables } = useMutation({
    mutationFn: ({ input, etag }: Sent<Input, Result>) => changing.send(input, etag),
    onMutate: async ({ input }) => {
      form.leave()
      const isSitting = beginInSitting()
      return { before: await show(changing.patches?.(input) ?? []), isSitting }
    },
    onError: async (error, sent, begun) => {
      onItsWay.current = undefined
      putBack(begun?.before ?? [])
      const again = (etag: string | undefined): void => mutate({ ...sent, etag })
      await refuse(error, sent, { isSitting: begun?.isSitting ?? (() => true), again })
    },
    onSuccess: (result, sent, { isSitting }) => {
      onItsWay.current = undefined
      if (!isSitting()) return
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
  const sentOf = (input: Input) => ({ input, etag: tag() ?? changing.etag, back: changing.back })
  return {
    make: (input) => {
      const now = written && `${JSON.stringify(input)}`
      if (now !== undefined && now === onItsWay.current) return
      onItsWay.current = now
      mutate(sentOf(input))
    },
    makeNow: (input) => mutateAsync(sentOf(input)),
    isBusy: isPending,
    sent: isPending ? variables?.input : undefined,
    conflict,
  }
}

interface Refused {
  readonly isSitting: () => boolean
  readonly again: (etag: string | undefined) => void
}

/** What becomes of what was refused: it is in its form again, beside what somebody else made of it, or is offered. */
function useRefusing<Input, Seen, Result>(
  changing: Changing<Input, Seen, Result>,
  form: ReturnType<typeof useWritten<Input>>,
  readAgain: () => Promise<unknown>,
) {
  const [conflict, setConflict] = useState<Conflict<Input, Seen>>()
  const renewed = useRef<string>(undefined)
  const isHere = useIsHere()
  const { written, isRemoval = false } = changing
  const refuse = async (
    error: unknown,
    { input, etag }: Sent<Input, Result>,
    { isSitting, again }: Refused,
  ) => {
    if (isSignedOut(error)) return
    const { theirs, tag } = await lookAgain(changing, input, error)
    // Whoever wrote it is no longer here.
    if (!isSitting()) return
    renewed.current = tag ?? renewed.current
    const shows = form.comeBack(input)
    if (theirs) {
      const endForm = written && form.end
      setConflict(conflictOf(input, theirs, { setConflict, resend: again, readAgain, endForm }))
      // Whoever sees both has what he typed before him.
      if (shows && (written || !isHere())) form.offer(offerShown(error, shows))
      else if (!isHere()) tellFailed(error)
      return
    }
    if (isOvertaken(error) && changing.theirs) void readAgain()
    // What is wrong in itself is no better a second time; a line or a server that broke is.
    if (isPassing(error) && !written) return form.offer(offerAgain(error, () => again(etag)))
    const isSaid = error instanceof ApiError && changing.refused?.(error) === true
    if (shows && !isRemoval) form.offer(offerShown(error, shows))
    else if (!isSaid) tellFailed(error)
  }
  return { conflict, refuse, tag: () => renewed.current }
}

/** The form in which something is written, with what is offered where it was refused. */
function useWritten<Input>({
  written,
  reopen,
  onTheirs,
  isEach = false,
}: Pick<Changing<Input, never, never>, 'written' | 'reopen' | 'onTheirs' | 'isEach'>) {
  const offered = useRef<string>(undefined)
  const place = useFormPlace()
  const leaves = written === 'leaving' ? place : undefined
  return {
    leave: () => {
      // What is sent now is sent instead of what failed before.
      if (offered.current !== undefined && !isEach) hideTold(offered.current)
      leaves?.leave()
    },
    comeBack: (input: Input) => (leaves ? leaves.comeBack() : reopen?.(input)),
    offer: (message: string) => {
      offered.current = message
      leaves?.told(message)
    },
    end: () => {
      if (onTheirs) onTheirs()
      else leaves?.end()
    },
  }
}

/** What somebody else made of it meanwhile, or its tag alone. */
async function lookAgain<Input, Seen>(
  { theirs, anew, written }: Pick<Changing<Input, Seen, never>, 'theirs' | 'anew' | 'written'>,
  input: Input,
  error: unknown,
): Promise<{ readonly theirs?: Tagged<Seen> | undefined; readonly tag?: string | undefined }> {
  if (!isOvertaken(error)) return {}
  if (theirs) return { theirs: await theirs(input).catch(() => undefined) }
  return { tag: written && (await anew?.(input).catch(() => undefined))?.etag }
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
  /** There where it is written in one. */
  readonly endForm: (() => void) | undefined
}

function conflictOf<Input, Seen>(
  mine: Input,
  theirs: Tagged<Seen>,
  { setConflict, resend, readAgain, endForm }: Ends,
): Conflict<Input, Seen> {
  const end = (next: () => void) => (): void => {
    setConflict(undefined)
    next()
  }
  return {
    ...{ mine, theirs },
    keepMine: end(() => resend(theirs.etag)),
    keepTheirs: end(() => {
      endForm?.()
      void readAgain()
    }),
    ...(endForm && { goBack: end(() => {}) }),
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

/** Whoever is signed out sees where he signs in, and why. */
function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401
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
