import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const scriptOf = (name: string): string => fileURLToPath(new URL(`../../config/${name}.js`, import.meta.url))

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

it('npx farley finds the command that was built', () => {
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
    const { stdout } = spawnSync('npx', ['--offline', 'farley', 'hello'], { cwd: folder, encoding: 'utf8' })
    expect(stdout).toBe('hello\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
