import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { read, send, type Tagged } from '../client/api.ts'
import { type Changing, type Conflict, useChange } from '../client/change.ts'
import { Dialog } from '../ui/dialog/dialog.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { changedAt } from './admin.ts'

interface EditedDialogProps<T> {
  /** Where it is read, and by {@link useSaving} changed. */
  readonly path: string
  /** Before it is there, of undefined. */
  readonly titleOf: (seen: T | undefined) => string
  readonly onClose: () => void
  readonly children: (seen: Tagged<T>) => ReactNode
}

/** One thing of the administration to be edited: as it is when it is opened, whatever the list says of it. */
export function EditedDialog<T>({ path, titleOf, onClose, children }: EditedDialogProps<T>) {
  const { data, error, isFetchedAfterMount, refetch } = useQuery({
    queryKey: ['admin', path],
    queryFn: ({ signal }) => read<T>(path, signal),
    staleTime: 0,
  })
  return (
    <Dialog onClose={onClose} title={titleOf(data?.data)}>
      {!isFetchedAfterMount && <Loading />}
      {error && <Failed error={error} again={() => void refetch()} />}
      {data && isFetchedAfterMount && children(data)}
    </Dialog>
  )
}

interface Opened<T> extends Pick<Tagged<T>, 'etag'> {
  readonly seen: T
  /** Another one is drawn anew. */
  readonly nth: number
  /** Told that somebody writes in the form: until then it shows what is there. */
  readonly touch: () => void
  /** Goes on with what is there by now. @param isAnew  with nothing of what was written */
  readonly goOn: (now: Pick<Tagged<T>, 'data' | 'etag'>, isAnew?: boolean) => void
}

/**
 * What was there when a form was opened: what comes later is somebody else's. It is no change of whoever writes in the form, and
 * shows as a conflict when he saves.
 * @param about  what of it the form says: where only other things are otherwise by now, nobody has changed that
 */
export function useOpened<T>(now: T, etag: string | undefined, about: (seen: T) => unknown): Opened<T> {
  const [opened, open] = useState({ seen: now, etag, nth: 0 })
  const isTouched = useRef(false)
  const isSame = JSON.stringify(about(now)) === JSON.stringify(about(opened.seen))
  const goOn = ({ data, etag: newest }: Pick<Tagged<T>, 'data' | 'etag'>, isAnew = false): void => {
    isTouched.current = false
    open(({ nth }) => ({ seen: data, etag: newest, nth: isAnew ? nth + 1 : nth }))
  }
  const latest = useRef(goOn)
  latest.current = goOn
  useEffect(() => {
    if (!isSame && !isTouched.current) latest.current({ data: now, etag }, true)
  }, [isSame, now, etag])
  return {
    ...opened,
    ...(isSame && { etag }),
    touch: () => {
      isTouched.current = true
    },
    goOn,
  }
}

/** Whoever takes what the other made of it is done with the form. */
export function endedBy<Input, Seen>(
  conflict: Conflict<Input, Seen> | undefined,
  onEnd: (theirs: Tagged<Seen>) => void,
): Conflict<Input, Seen> | undefined {
  if (!conflict) return undefined
  const keepTheirs = (): void => {
    conflict.keepTheirs()
    onEnd(conflict.theirs)
  }
  return { ...conflict, keepTheirs }
}

/**
 * Saves what is wanted of it, and never over what somebody else has said.
 * @param etag  of what is seen
 * @param own.before  what was said of it, which the message says again; without it there is no way back
 * @param own.hasHistory  whether the history takes it back instead
 */
export function useSaving<Wish extends object, T>(
  { path, etag }: { readonly path: string; readonly etag: string | undefined },
  own: Pick<Changing<Wish, T, T>, 'keys' | 'onDone' | 'written'> & {
    readonly before?: Wish
    readonly hasHistory?: boolean
  } = {},
) {
  const { t } = useTranslation('admin')
  const { before, hasHistory = false, ...more } = own
  return useChange<Wish, T, T>({
    send: (body, tag) => send('PATCH', path, { body, etag: tag }),
    etag,
    theirs: () => read<T>(path),
    patches: (wish) => changedAt(path, wish),
    keys: [['admin']],
    ...(!hasHistory && {
      back: (_, { etag: made }) => before && (() => send('PATCH', path, { body: before, etag: made })),
    }),
    said: () => t('saved'),
    ...more,
  })
}
