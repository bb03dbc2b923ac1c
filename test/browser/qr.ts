import jsqr from 'jsqr'
import type { Locator } from 'playwright-core'
import sharp from 'sharp'

/** What a camera reads off a code as it is on the screen. @throws where it reads nothing */
export async function readCode(code: Locator): Promise<string> {
  const { data, info } = await sharp(await code.screenshot())
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const options = { inversionAttempts: 'dontInvert' } as const
  const read = jsqr.default(new Uint8ClampedArray(data), info.width, info.height, options)
  if (!read) throw new Error('There is no code that can be read.')
  return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(read.binaryData))
}
