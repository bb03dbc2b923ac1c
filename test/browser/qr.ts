import type { Locator } from 'playwright-core'
import { encode } from 'uqr'

/** The dark modules of a code that is shown, as `x,y`; the quiet zone around it is counted too. */
export async function modulesOf(code: Locator): Promise<string[]> {
  const drawn = (await code.locator('path').getAttribute('d')) ?? ''
  return [...drawn.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => `${x},${y}`)
}

/** Those of the code that says a text, with a quiet zone of four modules. @see ISO/IEC 18004 §9.1 */
export function modules(text: string, ecc: 'L' | 'M'): string[] {
  const { data } = encode(text, { ecc, border: 4 })
  return data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`${x},${y}`] : [])))
}
