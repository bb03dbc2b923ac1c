/** Browsers whose names others use too come last. */
const browsers: readonly (readonly [name: string, RegExp])[] = [
  ['Edge', /\bEdgA?\//],
  ['Opera', /\bOPR\//],
  ['Firefox', /\bFirefox\/|\bFxiOS\//],
  ['Chrome', /\b(?:Headless)?Chrome\/|\bCriOS\//],
  ['Safari', /\bSafari\//],
]
const systems: readonly (readonly [name: string, RegExp])[] = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b|\bMacintosh\b/],
  ['Linux', /\bLinux\b/],
]

/** When something signed in, from where and with what, as far as it is known. */
export function signInText(when: string, address: string | null, agent: string | null): string {
  return [when, address, programOf(agent ?? '')].filter(Boolean).join(', ')
}

/** What people call the program that says this of itself: "Firefox, Windows"; what is not known begins as it is, and of nothing nothing is said. */
export function programOf(agent: string): string {
  const named = (names: typeof browsers): string | undefined =>
    names.find(([, pattern]) => pattern.test(agent))?.[0]
  if (!agent.startsWith('Mozilla/')) return agent.slice(0, 80)
  return (
    [named(browsers), named(systems)].filter((name) => name !== undefined).join(', ') || agent.slice(0, 80)
  )
}
