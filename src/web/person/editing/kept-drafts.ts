import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { whenSittingEnds } from '../../session/sitting.ts'
import { tellDone } from '../../ui/toast.tsx'

/** What was written and left unsaved, by what it is of; the oldest goes where there are too many. */
const kept = new Map<string, unknown>()
const mostKept = 50
whenSittingEnds(() => kept.clear())

/** What is written, and what was left of it before. */
export interface KeptDraft<T> {
  /** What the editor begins with. */
  readonly start: T
  /** Whether that was left before, rather than what is there. */
  readonly isKept: boolean
  /** Leaves what was written for the next time, unless nothing of it is new. */
  readonly keep: (written: T) => void
  /** Lets go of it, and does what follows. */
  readonly drop: (then?: () => void) => void
  /** Whether it was kept, or let go of. */
  readonly isEnded: () => boolean
}

/** What somebody writes is not lost by a key. @param of  names it among all others. @param seen  what is there */
export function useKeptDraft<T>(of: string, seen: T): KeptDraft<T> {
  const { t } = useTranslation('person')
  const hasEnded = useRef(false)
  const [begin] = useState(() => {
    const left = kept.get(of) as T | undefined
    return { start: left ?? seen, isKept: left !== undefined }
  })
  return {
    ...begin,
    keep: (written) => {
      hasEnded.current = true
      kept.delete(of)
      if (JSON.stringify(written) === JSON.stringify(seen)) return
      kept.set(of, written)
      const [oldest] = kept.keys()
      if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
      tellDone(t('draft.kept'))
    },
    drop: (then) => {
      hasEnded.current = true
      kept.delete(of)
      then?.()
    },
    isEnded: () => hasEnded.current,
  }
}

/** Keeps what is written also where another editor, or another page, takes the place of this one. */
export function useKeepingAtEnd<T>(
  { keep, isEnded }: Pick<KeptDraft<T>, 'keep' | 'isEnded'>,
  written: T,
): void {
  const end = useEffectEvent(() => {
    if (!isEnded()) keep(written)
  })
  useEffect(() => () => end(), [])
}
