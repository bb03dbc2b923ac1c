import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

/*
 * Puts the command where `npx farley` looks first: without it npx takes the folder for a package to be installed, and builds
 * everything once more before it does anything. Windows cannot run a link to a script, and goes that longer way.
 */
if (process.platform !== 'win32') {
  const commands = join('node_modules', '.bin')
  chmodSync(join('dist', 'src', 'main.js'), 0o755)
  mkdirSync(commands, { recursive: true })
  rmSync(join(commands, 'farley'), { force: true })
  symlinkSync(join('..', '..', 'dist', 'src', 'main.js'), join(commands, 'farley'))
}
