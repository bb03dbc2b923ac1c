import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Plugin, transformWithOxc } from 'vite'

/**
 * Builds the service worker, `/worker.js`, as one script that begins with what else was built: a new version of anything is
 * a new worker. Its name carries no hash, for browsers ask for it again by its name.
 * @param path  of its source
 */
export function serviceWorker(path: string): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    async generateBundle(_, bundle) {
      const texts: Record<string, string[]> = {}
      const files: string[] = []
      for (const [name, { type, ...chunk }] of Object.entries(bundle)) {
        if (!/\.(?:js|css|png|svg|webmanifest|woff2)$/.test(name)) continue
        const source = type === 'chunk' && 'facadeModuleId' in chunk ? chunk.facadeModuleId : undefined
        const language = /\/texts\/(\w+)\.json$/.exec(source ?? '')?.[1]
        if (language === undefined) files.push(`/${name}`)
        else (texts[language] ??= []).push(`/${name}`)
      }
      const { code } = await transformWithOxc(readFileSync(path, 'utf8'), path, { sourcemap: false })
      const version = createHash('sha256')
        .update(JSON.stringify([files, texts, code]))
        .digest('base64url')
      const built = JSON.stringify({ version: version.slice(0, 12), files, texts })
      this.emitFile({ type: 'asset', fileName: 'worker.js', source: `const built = ${built}\n${code}` })
    },
  }
}
