import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import type { Plugin } from 'vite'

/** What phones and desks ask for. @see https://www.w3.org/TR/appmanifest/#purpose-member */
const icons = [
  { name: 'icon-192.png', size: 192 },
  { name: 'icon-512.png', size: 512 },
  { name: 'icon-maskable-512.png', size: 512, isFull: true },
  // What an iPhone puts on its screen; it rounds the corners itself.
  { name: 'apple-touch-icon.png', size: 180, isFull: true },
]

/** Draws the icons of the app out of the one that is kept. @param path  of the SVG, whose ground has round corners */
export function appIcons(path: string): Plugin {
  return {
    name: 'app-icons',
    apply: 'build',
    async generateBundle() {
      const drawn = readFileSync(path, 'utf8')
      const full = drawn.replace(/ rx="\d+"/, '')
      for (const { name, size, isFull = false } of icons) {
        const source = await sharp(Buffer.from(isFull ? full : drawn), { density: 72 * (size / 64) })
          .resize(size, size)
          .png({ compressionLevel: 9, palette: true })
          .toBuffer()
        this.emitFile({ type: 'asset', fileName: name, source })
      }
    },
  }
}
