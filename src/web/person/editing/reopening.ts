import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { whenSittingEnds } from '../../session/sitting.ts'

/** Who opens what, of those that are on the page. */
const openers = new Map<string, (written: never) => void>()
/** What is to be opened once its page is there. */
const left = new Map<string, unknown>()
whenSittingEnds(() => left.clear())

/**
 * Opens anew what was written where it stands, once it was refused; where its page was left, that is gone to first.
 * @param of  names the place among all others
 * @param path  of the page
 */
export function useReopening<W>(of: string, path: string, open: (written: W) => void): (written: W) => void {
  const [, go] = useLocation()
  const latest = useRef(open)
  latest.current = open
  useEffect(() => {
    const opener = (written: W): void => latest.current(written)
    openers.set(of, opener)
    const written = left.get(of) as W | undefined
    left.delete(of)
    if (written !== undefined) opener(written)
    return () => {
      if (openers.get(of) === opener) openers.delete(of)
    }
  }, [of])
  return (written) => {
    const opener = openers.get(of) as ((written: W) => void) | undefined
    if (opener) opener(written)
    else {
      left.set(of, written)
      go(path)
    }
  }
}
