import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

/*
 * Builds before a start, and before tests and measurements of what is built, what is not built yet, or is older than what it is built of; it says so, for it takes a minute.
 * What `npm ci` has built is not built once more.
 */
const sources = ['src', 'protocol', 'storage', 'config', 'package-lock.json']
/** What a build writes at its end. */
const built = join('dist', 'web', 'index.html')

if (newestIn(sources) > changedAt(built)) {
  process.stderr.write('building: this takes about a minute …\n')
  const { status } = spawnSync('npm', ['run', 'build', '--silent'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
  process.exitCode = status ?? 1
}

/** A folder changes too when something in it is gone. */
function newestIn(paths) {
  const within = (path) =>
    isFolder(path)
      ? readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => join(path, name))
      : []
  return Math.max(...paths.flatMap((path) => [path, ...within(path)]).map(changedAt))
}

function isFolder(path) {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
