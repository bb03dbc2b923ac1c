import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** A program of the tests, compiled with all that it imports, for a process of its own. */
export interface Compiled extends Disposable {
  /** Where the compiled program is. */
  readonly path: string
}

/** @param source  the program's path from the root of the repository */
export function compile(source: string): Compiled {
  const folder = mkdtempSync(join(root, 'node_modules', '.farley-test-'))
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      noCheck: true,
      allowImportingTsExtensions: false,
      rootDir: root,
      outDir: folder,
    },
    include: [],
    files: [join(root, source)],
  }
  const configPath = join(folder, 'tsconfig.json')
  writeFileSync(configPath, JSON.stringify(config))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'))
  execFileSync(process.execPath, [join(typescript, 'bin/tsc'), '-p', configPath], { stdio: 'pipe' })
  return {
    path: join(folder, source.replace(/\.ts$/, '.js')),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
