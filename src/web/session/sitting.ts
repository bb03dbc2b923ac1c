/** What is kept for whoever is signed in, besides what was read. */
const forgets: (() => void)[] = []
let nth = 0

/** Has something forgotten once a sitting is over: somebody else may sit here next, and neither sees nor sends it. */
export function whenSittingEnds(forget: () => void): void {
  forgets.push(forget)
}

/** Somebody was signed out, or the session has ended. */
export function endSitting(): void {
  nth += 1
  for (const forget of forgets) forget()
}

/** Asked when something begins. @returns whether who began it is here still */
export function beginInSitting(): () => boolean {
  const begun = nth
  return () => begun === nth
}
