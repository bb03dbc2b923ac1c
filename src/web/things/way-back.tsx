import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { send, type Tagged } from '../client/api.ts'
import { useChange } from '../client/change.ts'
import { takeBackRequest, type Undone } from '../client/undo.ts'
import { useDates } from '../ui/dates.ts'
import type { Kept, StateDetail, Way } from './state.ts'

interface BackProps {
  readonly kept: Kept
  /** When that was which it is the way back of. */
  readonly at: string
  readonly onDone?: (() => void) | undefined
}

/** Makes something as it was; the message takes that back. */
export function WayBack({ kept, way, at, onDone }: BackProps & { readonly way: Way }) {
  const { make, isBusy } = useRestore(kept, way, onDone)
  return <BackButton says={way.says} at={at} isBusy={isBusy} onClick={() => make(null)} />
}

/** Takes back all that was done at once: a series that was cut in two is one again. */
export function RequestBack({ kept, request, at, onDone }: BackProps & { readonly request: string }) {
  const { t } = useTranslation('things')
  const { make, isBusy } = useChange<void, never, Undone>({
    send: async () => ({ data: await takeBackRequest(request), etag: undefined, request: undefined }),
    keys: kept.keys,
    back: (_, { data }) => data.again,
    said: (_, { left }) => t(left > 0 ? 'changedSince' : 'broughtBack'),
    ...(onDone && { onDone }),
  })
  return <BackButton says="takeBackChange" at={at} isBusy={isBusy} onClick={() => make()} />
}

interface BackButtonProps {
  readonly says: Way['says']
  readonly at: string
  readonly isBusy: boolean
  readonly onClick: () => void
}

function BackButton({ says, at, isBusy, onClick }: BackButtonProps) {
  const { t } = useTranslation('things')
  const { time } = useDates()
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={isBusy}
      aria-label={t('backOf', { back: t(says), time: time(at) })}
      onClick={onClick}
    >
      {t(says)}
    </Button>
  )
}

/** Makes something as it was, or what of it is given; without a tag each line is judged by itself. */
export function useRestore(
  { object, keys, awaitTag }: Kept,
  { revision, etag = null }: { readonly revision: number; readonly etag?: string | null },
  onDone?: () => void,
) {
  const { t } = useTranslation('things')
  return useChange<StateDetail['now'], never>({
    ...(etag !== null && { etag }),
    send: async (fields, seen): Promise<Tagged<unknown>> => {
      const note = awaitTag?.(object)
      const answer = await send<unknown>('POST', `/objects/${object}/restore`, {
        etag: seen,
        body: {
          revision,
          ...(fields && { fields: fields.map(({ path, was, is }) => ({ path, was, is })) }),
        },
      })
      note?.(answer.etag)
      return answer
    },
    keys,
    said: () => t('broughtBack'),
    ...(onDone && { onDone }),
  })
}
