import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** Writes `file.br` and `file.gz` beside what is worth it, once: no request compresses anything. */
export function compressed(folder: string): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    closeBundle() {
      for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
        if (!entry.isFile() || !/\.(?:js|css|svg|json|webmanifest)$/.test(entry.name)) continue
        const path = join(entry.parentPath, entry.name)
        const octets = readFileSync(path)
        const hint = { [constants.BROTLI_PARAM_SIZE_HINT]: octets.length }
        writeFileSync(`${path}.br`, brotliCompressSync(octets, { params: hint }))
        writeFileSync(`${path}.gz`, gzipSync(octets, { level: 9 }))
      }
    },
  }
}
