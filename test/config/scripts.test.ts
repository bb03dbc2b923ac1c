import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const scriptOf = (name: string): string => fileURLToPath(new URL(`../../config/${name}.js`, import.meta.url))

interface OwnPackage {
  readonly bin: { readonly farley: string }
  readonly scripts: { readonly prepare: string }
}

const ourPackage = (): OwnPackage =>
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

it('npm start builds what is older than its sources, and says so', () => {
  const folder = mkdtempSync(join(tmpdir(), 'farley-build-'))
  try {
    mkdirSync(join(folder, 'src'))
    mkdirSync(join(folder, 'dist', 'web'), { recursive: true })
    const scripts = { build: "node -e \"require('fs').writeFileSync('was-built', '')\"" }
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'x', scripts }))
    const [source, built] = [join(folder, 'src', 'a.ts'), join(folder, 'dist', 'web', 'index.html')]
    for (const path of [source, built]) writeFileSync(path, '')
    const start = () =>
      spawnSync(process.execPath, [scriptOf('build-if-older')], { cwd: folder, encoding: 'utf8' })
    const later = Date.now() / 1_000 + 60
    utimesSync(built, later, later)
    expect(start()).toMatchObject({ status: 0, stderr: '' })
    expect(existsSync(join(folder, 'was-built'))).toBe(false)
    utimesSync(source, later + 60, later + 60)
    expect(start()).toMatchObject({ status: 0, stderr: expect.stringContaining('building') })
    expect(existsSync(join(folder, 'was-built'))).toBe(true)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('npx farley finds the command that was built, and builds nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'farley-command-'))
  try {
    mkdirSync(join(folder, 'dist', 'src'), { recursive: true })
    writeFileSync(
      join(folder, 'dist', 'src', 'main.js'),
      '#!/usr/bin/env node\nconsole.log(process.argv[2])\n',
    )
    for (const _twice of [1, 2])
      expect(spawnSync(process.execPath, [scriptOf('own-command')], { cwd: folder }).status).toBe(0)
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'farley', version: '1.0.0' }))
    const say = () =>
      spawnSync('npx', ['--offline', 'farley', 'hello'], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, npm_config_cache: join(folder, 'cache') },
      }).stdout
    expect(say()).toBe('hello\n')
    // What has a command of its own is installed by npx as a package, which prepares it.
    const { bin, scripts } = ourPackage()
    mkdirSync(join(folder, 'dist', 'web'))
    writeFileSync(join(folder, 'dist', 'web', 'index.html'), '')
    const build = "node -e \"require('fs').writeFileSync('was-built', '')\""
    const prepare = scripts.prepare.replaceAll('config/', `${dirname(scriptOf('own-command'))}/`)
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name: 'farley', version: '1.0.0', bin, scripts: { build, prepare } }),
    )
    expect(say()).toBe('hello\n')
    expect(existsSync(join(folder, 'was-built'))).toBe(false)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
