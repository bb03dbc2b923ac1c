/**
 * Does something in one tab for all that bear this name: in one that is looked at, as a browser may put the others to sleep.
 * When it is closed or hidden, another does it. Where there are no locks, as without TLS, each does it that is looked at.
 * @param begin what is done, until what it returns is called
 * @returns what ends it for this tab
 * @see Web Locks API §3.1 (`LockManager.request`)
 */
export function leadTabs(name: string, begin: () => () => void): () => void {
  let standing: AbortController | undefined
  const resign = (): void => {
    standing?.abort()
    standing = undefined
  }
  const look = (): void => {
    if (document.visibilityState === 'hidden') resign()
    else standing ??= stand(name, begin)
  }
  document.addEventListener('visibilitychange', look)
  look()
  return () => {
    document.removeEventListener('visibilitychange', look)
    resign()
  }
}

/** Waits for its turn, and keeps it until it is aborted. */
function stand(name: string, begin: () => () => void): AbortController {
  const standing = new AbortController()
  const { signal } = standing
  const lead = (): Promise<void> =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const end = begin()
      signal.addEventListener('abort', () => {
        end()
        resolve()
      })
    })
  if ('locks' in navigator)
    navigator.locks.request(name, { signal }, lead).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  else void lead()
  return standing
}
